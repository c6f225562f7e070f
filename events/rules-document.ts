import { rules } from '../domain/alerts/rules/index.ts';
import { severities } from '../domain/alerts/severity.ts';
import { defaultThresholds, thresholdNames } from '../domain/alerts/thresholds.ts';

const preface = `# Alerts

Written from the rules by \`npm run docs:events\`: change the rules, not this file.

An alert is raised once and says how bad it is, why, and since when. It escalates when nobody acknowledges it in time (critical 15 min,
major 1 h), clears by itself when its condition ends, and is the same alert again when the condition returns within 15 minutes. A subject that
flaps (four times in an hour) is held open and told once; it clears when it has been quiet for half an hour. While a station is offline the alerts
of its connectors are held: neither raised nor cleared, though critical ones still escalate. An alert cleared by hand stays cleared until its condition has been quiet once.

People are told through the SNS topic and take or clear alerts through GraphQL (\`alerts\`, \`acknowledgeAlert\`, \`clearAlert\`, \`alertFigures\`);
programs hear of them on the bus ([events.md](events.md), [subscribing.md](subscribing.md)). Stations and connectors have them in their timeline.
`;

const worstFirst = rules.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));

/** docs/alerts.md as text. */
export const rulesDocument = (): string =>
  [
    preface,
    '## Rules',
    '',
    '| rule | about a | severity | when |',
    '|---|---|---|---|',
    ...worstFirst.map(({ name, subject, severity, about }) => `| \`${name}\` | ${subject} | ${severity} | ${about} |`),
    '',
    '## Thresholds',
    '',
    'Set per site, or for the network (`*`), with `setSiteThresholds`; units stand in the names. Figures of a rule that do not stand here are fixed.',
    '',
    '| threshold | built-in value |',
    '|---|---|',
    ...thresholdNames.map((name) => `| \`${name}\` | ${defaultThresholds[name]} |`),
    '',
  ].join('\n');
