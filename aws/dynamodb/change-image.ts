import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** An item of a change stream as Lambda hands it over: attributes by type, bytes in base64. */
export type ChangeImage = Readonly<Record<string, unknown>>;

/** The item as plain data; bytes stay text in base64. Throws for what is no item. */
export const plainImage = (image: ChangeImage): Readonly<Record<string, unknown>> =>
  // An attribute that is none makes it throw: the types cannot know what Lambda handed over.
  unmarshall(image as Record<string, AttributeValue>);
