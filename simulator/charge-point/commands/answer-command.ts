import { ZodError } from 'zod';
import { unreachable } from '../../../domain/kernel/unreachable.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Clock, sleep } from '../../clock.ts';
import type { CommandReply } from '../connection/transport.ts';
import type { Reaction } from './behaviour.ts';
import type { Controls } from './controls.ts';

/** Carries out one command of the CSMS and answers it. */
export type CommandAnswer = (payload: Payload, controls: Controls) => Payload;

/** A command a version of OCPP knows. */
export type SimulatedCommand = {
  readonly answer: CommandAnswer;
  /** How the command is answered with no; undefined where its answer has no word for that. */
  readonly refusal?: (payload: Payload) => Payload;
};

/** The commands a version of OCPP knows, by action. */
export type Commands = Readonly<Record<string, SimulatedCommand>>;

/** The answer most commands have: Accepted, or the word the command has for no. */
export const statusAnswer = (accepted: boolean, otherwise = 'Rejected'): Payload => ({
  status: accepted ? 'Accepted' : otherwise,
});

/** A command that says `Rejected`, or another word, where it does not do what it is told. */
export const command = (answer: CommandAnswer, refusedWith = 'Rejected'): SimulatedCommand => ({
  answer,
  refusal: () => ({ status: refusedWith }),
});

const refusalOf = ({ refusal }: SimulatedCommand, payload: Payload): CommandReply =>
  refusal
    ? { kind: 'result', payload: refusal(payload) }
    : { kind: 'error', code: 'GenericError', description: 'This station refuses' };

const carriedOut = ({ answer }: SimulatedCommand, payload: Payload, controls: Controls): CommandReply => {
  try {
    return { kind: 'result', payload: answer(payload, controls) };
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return { kind: 'error', code: 'TypeConstraintViolation', description: error.issues[0]?.message ?? '' };
  }
};

/** Answers a command of the CSMS as the station reacts to it; NotImplemented to an action it does not know. */
export const answerCommand = async (
  commands: Commands,
  reaction: Reaction,
  { action, payload }: { readonly action: string; readonly payload: Payload },
  controls: Controls,
  clock: Clock,
): Promise<CommandReply> => {
  const found = commands[action];
  if (!found) return { kind: 'error', code: 'NotImplemented', description: `This station does not know ${action}` };
  switch (reaction.kind) {
    case 'late':
      await sleep(clock, reaction.delayMs);
      return carriedOut(found, payload, controls);
    case 'normal':
      return carriedOut(found, payload, controls);
    case 'reject':
      return refusalOf(found, payload);
    case 'ignore':
      return { kind: 'none' };
    case 'garbage':
      return { kind: 'garbage' };
    case 'error':
      return { kind: 'error', code: reaction.code, description: 'This station was told to fail' };
    default:
      return unreachable(reaction);
  }
};
