import { InvalidParameterException, NotFoundException, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { handles, idFrom, simClient } from './sim-client.ts';
import { metadata, type SimServiceContext } from './sim-service-context.ts';

const MOST_BYTES = 256 * 1024;
const MOST_SUBJECT_LETTERS = 99;

export type Publication = {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  /** Text attributes by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** ms since the epoch. */
  readonly at: number;
};

/** SNS of a simulated account. */
export type SimSns = {
  readonly client: SNSClient;
  readonly send: SNSClient['send'];
  /** What was published on a topic, in order. */
  readonly published: (topicArn: string) => readonly Publication[];
};

const invalid = (message: string): InvalidParameterException =>
  new InvalidParameterException({ message: `Invalid parameter: ${message}`, $metadata: metadata(400) });

/** Subjects are ASCII, begin with a letter, digit or sign, and have no line breaks or control characters. */
const isSubject = (text: string): boolean => text.length <= MOST_SUBJECT_LETTERS && /^[!-~][ -~]*$/.test(text);

export const simSns = (topicArns: readonly string[], context: SimServiceContext): SimSns => {
  const { now, random } = context;
  const topics = new Map<string, Publication[]>(topicArns.map((topicArn) => [topicArn, []]));
  const client = simClient(SNSClient, 'sns', context, [
    handles(PublishCommand, ({ TopicArn = '', Subject, Message = '', MessageAttributes = {} }) => {
      const topic = topics.get(TopicArn);
      if (topic === undefined)
        throw new NotFoundException({ message: 'Topic does not exist', $metadata: metadata(404) });
      if (Message === '') throw invalid('Empty message');
      if (Buffer.byteLength(Message) > MOST_BYTES) throw invalid('Message too long');
      if (Subject !== undefined && !isSubject(Subject)) throw invalid('Subject');
      const attributes: Record<string, string> = {};
      for (const [name, { DataType, StringValue }] of Object.entries(MessageAttributes)) {
        if (!DataType || !StringValue) throw invalid(`The message attribute '${name}' must contain non-empty value`);
        attributes[name] = StringValue;
      }
      const messageId = idFrom(random);
      topic.push({ messageId, topicArn: TopicArn, subject: Subject, message: Message, attributes, at: now() });
      return { MessageId: messageId };
    }),
  ]);
  return { client, send: client.send, published: (topicArn) => topics.get(topicArn) ?? [] };
};
