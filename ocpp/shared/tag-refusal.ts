import { type TagRefusal, tagRefusals } from '../../domain/kernel/fact.ts';

/** Why a tag was not accepted, from the status a station was answered with; undefined where it was accepted or not asked. */
export const tagRefusal = (status: string | undefined): TagRefusal | undefined => {
  if (status === undefined || status === 'Accepted') return undefined;
  // OCPP 2.x has finer words (NoCredit, NotAtThisTime, ...), none of which this stack answers with: all of them refuse.
  return tagRefusals.find((refusal) => refusal === status) ?? 'Invalid';
};
