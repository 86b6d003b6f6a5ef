import { z } from 'zod';
import { MetadataSchema } from './objects.ts';

const quantities = z.record(z.string(), z.union([z.string(), z.number()]));

const ContainerPolicySchema = z.looseObject({
  containerName: z.string().optional(),
  mode: z.enum(['Auto', 'Off']).optional(),
  minAllowed: quantities.optional(),
  maxAllowed: quantities.optional(),
  controlledResources: z.array(z.string()).optional(),
  controlledValues: z.enum(['RequestsAndLimits', 'RequestsOnly']).optional(),
});

const RecommendationSchema = z.looseObject({
  containerName: z.string().optional(),
  target: quantities,
  lowerBound: quantities.optional(),
  upperBound: quantities.optional(),
  uncappedTarget: quantities.optional(),
});

/** As the CustomResourceDefinition of the vertical pod autoscaler has it. */
export const VerticalPodAutoscalerSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: MetadataSchema,
  spec: z.looseObject({
    targetRef: z
      .looseObject({ apiVersion: z.string().optional(), kind: z.string(), name: z.string() })
      .optional(),
    updatePolicy: z
      .looseObject({
        updateMode: z
          .enum(['Off', 'Initial', 'Recreate', 'InPlaceOrRecreate', 'InPlace', 'Auto'])
          .optional(),
        minReplicas: z.number().int().optional(),
      })
      .optional(),
    resourcePolicy: z
      .looseObject({ containerPolicies: z.array(ContainerPolicySchema).optional() })
      .optional(),
  }),
  status: z
    .looseObject({
      recommendation: z
        .looseObject({ containerRecommendations: z.array(RecommendationSchema).optional() })
        .optional(),
    })
    .optional(),
});
