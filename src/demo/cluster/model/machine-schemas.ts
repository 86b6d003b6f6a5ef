import { z } from 'zod';
import { MetadataSchema } from './objects.ts';
import { LabelSelectorSchema } from './scheduling-schemas.ts';

const conditions = z.array(z.looseObject({ type: z.string(), status: z.string() })).optional();
const strings = z.record(z.string(), z.string());

/** The fields of a Machine's spec that the simulation reads. */
const MachineSpecSchema = z.looseObject({
  clusterName: z.string(),
  version: z.string().optional(),
  failureDomain: z.string().optional(),
  /** Set once the instance is there. */
  providerID: z.string().optional(),
  deletion: z.looseObject({ nodeDrainTimeoutSeconds: z.number().optional() }).optional(),
});

const MachineTemplateSchema = z.looseObject({
  metadata: z
    .looseObject({ labels: strings.optional(), annotations: strings.optional() })
    .optional(),
  spec: MachineSpecSchema,
});

const base = { apiVersion: z.string(), kind: z.string(), metadata: MetadataSchema };
const status = z.looseObject({ conditions }).optional();

export const MachineSchema = z.looseObject({
  ...base,
  spec: MachineSpecSchema,
  status: z
    .looseObject({
      nodeRef: z.looseObject({ name: z.string() }).optional(),
      phase: z.string().optional(),
      conditions,
    })
    .optional(),
});
export type Machine = z.infer<typeof MachineSchema>;

export const MachineSetSchema = z.looseObject({
  ...base,
  spec: z.looseObject({
    clusterName: z.string(),
    replicas: z.number().int().min(0).optional(),
    selector: z.looseObject({ matchLabels: strings.optional() }),
    template: MachineTemplateSchema,
  }),
  status,
});
export type MachineSet = z.infer<typeof MachineSetSchema>;
/** A MachineDeployment has the same fields as its MachineSets. */
export type MachineDeployment = MachineSet;

const intOrPercent = z.union([z.number().int().min(0), z.string()]);

export const MachineHealthCheckSchema = z.looseObject({
  ...base,
  spec: z.looseObject({
    clusterName: z.string(),
    selector: LabelSelectorSchema,
    checks: z
      .looseObject({
        nodeStartupTimeoutSeconds: z.number().int().optional(),
        unhealthyNodeConditions: z
          .array(
            z.looseObject({
              type: z.string(),
              status: z.string(),
              timeoutSeconds: z.number().int().optional(),
            }),
          )
          .optional(),
      })
      .optional(),
    remediation: z
      .looseObject({
        triggerIf: z
          .looseObject({ unhealthyLessThanOrEqualTo: intOrPercent.optional() })
          .optional(),
      })
      .optional(),
  }),
  status,
});
export type MachineHealthCheck = z.infer<typeof MachineHealthCheckSchema>;

export const NodePoolSchema = z.looseObject({
  ...base,
  spec: z.looseObject({
    /** Static capacity: the pool is kept at this size. Absent: nodes come when pods find no room. */
    replicas: z.number().int().min(0).optional(),
    template: z.looseObject({
      metadata: z
        .looseObject({ labels: strings.optional(), annotations: strings.optional() })
        .optional(),
      spec: z.looseObject({}).optional(),
    }),
  }),
  status,
});
export type NodePool = z.infer<typeof NodePoolSchema>;

export const NodeClaimSchema = z.looseObject({
  ...base,
  spec: z.looseObject({}).optional(),
  status: z
    .looseObject({
      nodeName: z.string().optional(),
      providerID: z.string().optional(),
      conditions,
    })
    .optional(),
});
export type NodeClaim = z.infer<typeof NodeClaimSchema>;
