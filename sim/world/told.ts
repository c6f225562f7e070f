import type { z } from 'zod';
import type { BusEvent } from '../../local/stack/local-service.ts';

/** An event that the bus was told, as far as an invariant looks at it. */
export type Told<Type, Detail> = { readonly type: Type; readonly time: string; readonly detail: Detail };

/**
 * The events of some types, in their order. Throws for one whose detail is not as it should be. Those of other types are not
 * even looked into: to learn from a schema that they do not fit costs more than all the rest.
 */
export const told = <Type extends string, Detail extends z.ZodType>(
  events: readonly BusEvent[],
  types: readonly Type[],
  detail: Detail,
): readonly Told<Type, z.infer<Detail>>[] =>
  events.flatMap((event) => {
    const type = types.find((one) => one === event['detail-type']);
    return type === undefined ? [] : [{ type, time: String(event.time), detail: detail.parse(event.detail) }];
  });
