import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { TableChange } from '../../use-cases/ports/table-change.ts';
import { toPlainItem } from '../attributes/attributes.ts';

/** An item of a change stream as Lambda hands it over: attributes by type, bytes in base64. */
export type ChangeImage = Readonly<Record<string, unknown>>;

/** A record of a table's change stream, as Lambda hands it over; of its fields those that are used here. */
export type ChangeRecord = {
  readonly eventSourceARN?: string | undefined;
  readonly dynamodb?:
    | {
        readonly Keys?: ChangeImage | undefined;
        readonly NewImage?: ChangeImage | undefined;
        readonly OldImage?: ChangeImage | undefined;
        readonly SequenceNumber?: string | undefined;
      }
    | undefined;
};

/** The item as plain data; bytes stay text in base64. Throws for what is no item. */
const plainImage = (image: ChangeImage): Readonly<Record<string, unknown>> =>
  // An attribute that is none makes it throw: the types cannot know what Lambda handed over.
  toPlainItem(image as Record<string, AttributeValue>);

/**
 * Gives an object a property that is made when it is first read: most of what a change stream hands over nobody looks at.
 * Copying the object reads it.
 */
export const lazily = <Target extends object, Name extends string, Value>(
  target: Target,
  name: Name,
  make: () => Value,
): Target & { readonly [name in Name]: Value } => {
  let made: { readonly value: Value } | undefined;
  const get = (): Value => {
    made ??= { value: make() };
    return made.value;
  };
  Object.defineProperty(target, name, { enumerable: true, configurable: true, get });
  return target as Target & { readonly [name in Name]: Value };
};

/** The item's key values, joined by '#'. */
export const changedKey = ({ dynamodb }: ChangeRecord): string =>
  Object.values(plainImage(dynamodb?.Keys ?? {})).join('#');

/** The change a record tells, in plain data. Throws for images that are none. */
export const tableChange = (record: ChangeRecord): TableChange => {
  const { dynamodb = {}, eventSourceARN = '' } = record;
  const { NewImage, OldImage, SequenceNumber = '' } = dynamodb;
  return {
    table: /:table\/([^/]+)/.exec(eventSourceARN)?.[1] ?? eventSourceARN,
    key: changedKey(record),
    ...omitUndefined({ item: NewImage && plainImage(NewImage), before: OldImage && plainImage(OldImage) }),
    sequenceNumber: SequenceNumber,
  };
};
