import { createRPCError } from 'ocpp-rpc';
import type { Payload } from '../../../ocpp/payload.ts';
import type { Controls } from './controls.ts';

/** Carries out one command of the CSMS and answers it. */
export type CommandAnswer = (payload: Payload, controls: Controls) => Payload;

/** The commands a version of OCPP knows, by action. */
export type Commands = Readonly<Record<string, CommandAnswer>>;

/** Answers a command of the CSMS; throws the RPC error NotImplemented for an action the station does not know. */
export const answerCommand = (commands: Commands, action: string, payload: Payload, controls: Controls): Payload => {
  const answer = commands[action];
  if (!answer) throw createRPCError('NotImplemented', `This station does not know ${action}`, {});
  return answer(payload, controls);
};

/** The answer most commands have: Accepted, or the word the command has for no. */
export const statusAnswer = (accepted: boolean, otherwise = 'Rejected'): Payload => ({
  status: accepted ? 'Accepted' : otherwise,
});
