import { say, type Text } from '../language/text.ts';
import type { Effect } from './action.ts';

/** How people say what is done. A verb without words of its own is said as it is. */
const VERBS: Readonly<Record<string, Text>> = {
  cordon: say('cordon'),
  evict: say('evict'),
  replace: say('replace'),
  restart: say('restart'),
  uncordon: say('uncordon'),
};

export function verbWords(verb: string): Text {
  return VERBS[verb] ?? verb;
}

/** `evict Pod payments/api-1` */
export function effectWords({ verb, object }: Pick<Effect, 'verb' | 'object'>): Text {
  const { kind, namespace, name } = object;
  return say('{verb} {kind} {name}', {
    verb: verbWords(verb),
    kind,
    name: namespace ? `${namespace}/${name}` : name,
  });
}
