import type { Pod } from '../model/schemas.ts';

function numberOf(pod: Pod, annotation: string): number | undefined {
  const value = Number(pod.metadata.annotations?.[annotation]);
  return Number.isNaN(value) ? undefined : value;
}

/** How long something takes for this pod: a multiple of what is usual, named by an annotation. */
export function scaledMs(
  pod: Pod,
  what: 'start-factor' | 'stop-factor' | 'run-factor',
  usualMs: number,
): number {
  return usualMs * (numberOf(pod, `simulation/${what}`) ?? 1);
}

/** With what its containers end, where they end by themselves. */
export function exitCodeOf(pod: Pod): number {
  return numberOf(pod, 'simulation/exit-code') ?? 0;
}

export function isMeantReady(pod: Pod): boolean {
  return pod.metadata.annotations?.['simulation/ready'] !== 'false';
}
