import type { CommandAnswer } from './command-answer.ts';
import type { SentCap } from './sent-cap.ts';
import type { ZonePlan } from './zone-plan.ts';

/** What is known of the commands of a plan, by their id; those that are under way are left out. */
export type CommandAnswers = ReadonlyMap<string, CommandAnswer>;

/**
 * Of the answers to several commands the first of these counts: where one did not get through, what it takes back may still
 * hold. A limit of a car that has gone is rejected, and says nothing of the others.
 */
const byWeight = ['unreachable', 'silent', 'rejected', 'accepted'] as const;

const answerOf = (sent: SentCap, answers: CommandAnswers): SentCap => {
  const known = (sent.commandIds ?? []).flatMap((commandId) => answers.get(commandId) ?? []);
  if (sent.answer !== 'sent' || known.length === 0 || known.length < (sent.commandIds?.length ?? 0)) return sent;
  const worst = byWeight.find((one) => known.some(({ answer }) => answer === one));
  return worst === undefined ? sent : { ...sent, answer: worst, answeredAt: Math.max(...known.map(({ at }) => at)) };
};

/** Commands whose end the plan does not know yet, by station. */
export const openCommands = (plan: ZonePlan): readonly { readonly stationId: string; readonly commandId: string }[] =>
  plan.stations.flatMap(({ stationId, sent }) =>
    sent?.answer === 'sent' ? (sent.commandIds ?? []).map((commandId) => ({ stationId, commandId })) : [],
  );

/** A plan that knows how stations answered. */
export const answered = (plan: ZonePlan, answers: CommandAnswers): ZonePlan =>
  answers.size === 0
    ? plan
    : {
        ...plan,
        stations: plan.stations.map((station) =>
          station.sent ? { ...station, sent: answerOf(station.sent, answers) } : station,
        ),
      };
