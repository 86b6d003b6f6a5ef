import { z } from 'zod';

const strings = z.record(z.string(), z.string());

const RequirementSchema = z.looseObject({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).nullish(),
});
export type Requirement = z.infer<typeof RequirementSchema>;

export const LabelSelectorSchema = z.looseObject({
  matchLabels: strings.optional(),
  matchExpressions: z.array(RequirementSchema).optional(),
});
export type LabelSelector = z.infer<typeof LabelSelectorSchema>;

const NodeSelectorTermSchema = z.looseObject({
  matchExpressions: z.array(RequirementSchema).optional(),
  matchFields: z.array(RequirementSchema).optional(),
});
export type NodeSelectorTerm = z.infer<typeof NodeSelectorTermSchema>;

/** One of the terms must hold. */
export const NodeSelectorSchema = z.looseObject({
  nodeSelectorTerms: z.array(NodeSelectorTermSchema),
});
export type NodeSelector = z.infer<typeof NodeSelectorSchema>;

const PodAffinityTermSchema = z.looseObject({
  labelSelector: LabelSelectorSchema.nullish(),
  namespaces: z.array(z.string()).nullish(),
  namespaceSelector: LabelSelectorSchema.nullish(),
  topologyKey: z.string(),
});
export type PodAffinityTerm = z.infer<typeof PodAffinityTermSchema>;

const weight = z.number().int();
const PodAffinitySchema = z.looseObject({
  requiredDuringSchedulingIgnoredDuringExecution: z.array(PodAffinityTermSchema).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: z
    .array(z.looseObject({ weight, podAffinityTerm: PodAffinityTermSchema }))
    .optional(),
});

export const AffinitySchema = z.looseObject({
  nodeAffinity: z
    .looseObject({
      requiredDuringSchedulingIgnoredDuringExecution: NodeSelectorSchema.optional(),
      preferredDuringSchedulingIgnoredDuringExecution: z
        .array(z.looseObject({ weight, preference: NodeSelectorTermSchema }))
        .optional(),
    })
    .optional(),
  podAffinity: PodAffinitySchema.optional(),
  podAntiAffinity: PodAffinitySchema.optional(),
});

const policy = z.enum(['Honor', 'Ignore']).optional();
export const SpreadConstraintSchema = z.looseObject({
  maxSkew: z.number().int().min(1),
  topologyKey: z.string(),
  whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
  labelSelector: LabelSelectorSchema.nullish(),
  matchLabelKeys: z.array(z.string()).nullish(),
  minDomains: z.number().int().min(1).nullish(),
  nodeAffinityPolicy: policy,
  nodeTaintsPolicy: policy,
});
export type SpreadConstraint = z.infer<typeof SpreadConstraintSchema>;

export const SchedulingGateSchema = z.looseObject({ name: z.string() });
