/** From "someone may want to know" to "someone must go there now". The order is the rank. */
export const severities = ['info', 'warning', 'major', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Whether `a` is worse than `b`. */
export const isWorse = (a: Severity, b: Severity): boolean => severities.indexOf(a) > severities.indexOf(b);
