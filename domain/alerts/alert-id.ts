import { type Subject, subjectKey } from './subject.ts';

/** What can be wrong, and with whom: at most one alert of a condition is open at a time. */
export type ConditionKey = string;
export type AlertId = string;

/** '|' stands between the parts: an ISO instant never holds one, so the last part can always be told. */
const SEPARATOR = '|';

export const conditionKey = (ruleName: string, subject: Subject): ConditionKey =>
  `${ruleName}${SEPARATOR}${subjectKey(subject)}`;

/** The occasion of an alert as sort key: the instant its condition began. Sorts as text as it does in time. */
export const occasionOf = (sinceMs: number): string => new Date(sinceMs).toISOString();

/**
 * The id of an alert: rule, subject and the instant the condition began. A function of the facts alone,
 * so a restart, a duplicate or a second worker comes to the same id.
 */
export const alertIdOf = (condition: ConditionKey, sinceMs: number): AlertId =>
  `${condition}${SEPARATOR}${occasionOf(sinceMs)}`;

/** The key of the alert with this id, or undefined for a text that is no alert id. */
export const parseAlertId = (alertId: AlertId): { condition: ConditionKey; occasion: string } | undefined => {
  const cut = alertId.lastIndexOf(SEPARATOR);
  const occasion = alertId.slice(cut + 1);
  if (cut < 1 || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(occasion)) return undefined;
  return { condition: alertId.slice(0, cut), occasion };
};
