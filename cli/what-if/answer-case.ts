import { allocate } from '../../domain/charging/allocate.ts';
import { fieldReader } from '../../domain/kernel/field-reader.ts';
import { eventKinds } from './event-kinds.ts';
import { explainAllocation } from './explain-allocation.ts';
import { identified } from './quantities.ts';
import { readSetpointCase } from './read-setpoint-case.ts';
import { setpointAnswer } from './setpoint-answer.ts';
import { shedKinds } from './shed-kinds.ts';

/** Cases of demand response, by kind; a case without a kind is about setpoints. */
const demandResponseKinds = { ...shedKinds, ...eventKinds };

type Kind = keyof typeof demandResponseKinds;
const kinds = Object.keys(demandResponseKinds) as readonly Kind[];

/** 'refused': the case cannot be answered; the message names it and the key. */
export type CaseAnswer =
  | { readonly kind: 'answered'; readonly line: object; readonly explanation: readonly string[] }
  | { readonly kind: 'refused'; readonly line: { readonly error: string } };

const nameOf = (content: unknown, place: number): string => {
  const id = typeof content === 'object' && content !== null && 'id' in content ? content.id : undefined;
  return typeof id === 'string' && id !== '' ? id : `number ${place}`;
};

const answered = (content: unknown, name: string): CaseAnswer => {
  const reader = fieldReader(content, '', 'The case');
  const id = identified(reader);
  const kind = reader.has('kind') ? reader.needed('kind', reader.word('kind', kinds)) : 'setpoint';
  if (kind !== 'setpoint') {
    const answer = demandResponseKinds[kind](reader);
    return { kind: 'answered', line: { id, ...answer }, explanation: [`${name}: ${JSON.stringify(answer)}`] };
  }
  const problem = readSetpointCase(reader);
  const allocation = allocate(problem);
  return {
    kind: 'answered',
    line: { id, ...setpointAnswer(allocation) },
    explanation: [`${name}:`, ...explainAllocation(problem, allocation)],
  };
};

/** Answers one case of a file; `place` counts from 1. */
export const answerCase = (content: unknown, place: number): CaseAnswer => {
  const name = nameOf(content, place);
  try {
    return answered(content, name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const id = name.startsWith('number ') ? {} : { id: name };
    return { kind: 'refused', line: { ...id, error: `Case ${name}: ${error.message}` } };
  }
};
