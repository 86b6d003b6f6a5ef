import { z } from 'zod';
import { MetadataSchema } from './objects.ts';

const PolicyRuleSchema = z.looseObject({
  verbs: z.array(z.string()),
  apiGroups: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  resourceNames: z.array(z.string()).optional(),
  nonResourceURLs: z.array(z.string()).optional(),
});
export type PolicyRule = z.infer<typeof PolicyRuleSchema>;

const object = { apiVersion: z.string(), kind: z.string(), metadata: MetadataSchema };

export const RoleSchema = z.looseObject({
  ...object,
  rules: z.array(PolicyRuleSchema).nullish(),
});

const SubjectSchema = z.looseObject({
  kind: z.enum(['User', 'Group', 'ServiceAccount']),
  name: z.string(),
  namespace: z.string().optional(),
});
export type Subject = z.infer<typeof SubjectSchema>;

export const BindingSchema = z.looseObject({
  ...object,
  subjects: z.array(SubjectSchema).optional(),
  roleRef: z.looseObject({ kind: z.enum(['Role', 'ClusterRole']), name: z.string() }),
});
export type Binding = z.infer<typeof BindingSchema>;
