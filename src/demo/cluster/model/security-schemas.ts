import { z } from 'zod';

const profile = z.looseObject({ type: z.string() }).optional();

/** What Pod Security looks at in a container. */
export const ContainerSecuritySchema = z.looseObject({
  privileged: z.boolean().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  capabilities: z
    .looseObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
    .optional(),
  seccompProfile: profile,
});

/** What Pod Security looks at in the pod as a whole. */
export const PodSecuritySchema = z.looseObject({
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  seccompProfile: profile,
});

export const ContainerPortSchema = z.looseObject({
  hostPort: z.number().optional(),
  protocol: z.string().optional(),
});
export const VolumeSchema = z.looseObject({
  name: z.string(),
  persistentVolumeClaim: z.looseObject({ claimName: z.string() }).optional(),
});
