/** What a station does when it is given a command. */
export type Reaction =
  | { readonly kind: 'normal' }
  /** Says no in the words of the command, and does nothing. */
  | { readonly kind: 'reject' }
  /** Neither answers nor does anything. */
  | { readonly kind: 'ignore' }
  /** Does it and answers, but so much later. */
  | { readonly kind: 'late'; readonly delayMs: number }
  /** Answers with something that is no answer, and does nothing. */
  | { readonly kind: 'garbage' }
  /** Answers with CALLERROR, and does nothing. */
  | { readonly kind: 'error'; readonly code: string };

/** How a station follows the limits it has accepted. */
export type Obedience =
  /** Within two seconds. */
  | { readonly kind: 'prompt' }
  /** After a delay, and then by so many W per second. */
  | { readonly kind: 'slow'; readonly delayMs: number; readonly rampWPerSec: number }
  /** Not at all: it accepts them and charges as before. */
  | { readonly kind: 'none' };

/** How a station treats its CSMS. */
export type Behaviour = {
  /** By action; '*' stands for every action without an entry of its own. */
  readonly reactions: Readonly<Record<string, Reaction>>;
  readonly obedience: Obedience;
  /** Whether it knows a limit of the station as a whole. */
  readonly stationMaximum: boolean;
};

/** A station that does what it is told. */
export const wellBehaved: Behaviour = { reactions: {}, obedience: { kind: 'prompt' }, stationMaximum: true };

/** The reaction to an action. */
export const reactionTo = ({ reactions }: Behaviour, action: string): Reaction =>
  reactions[action] ?? reactions['*'] ?? { kind: 'normal' };

export const behaviourUsage = `A behaviour is a list of words, separated by commas:
  ACTION=normal|reject|ignore|garbage   what the station does with a command (* is every command)
  ACTION=late:MS                                answers so many ms later
  ACTION=error:CODE                             answers with CALLERROR CODE
  obedience=prompt|none|slow:DELAY_MS:W_PER_SEC how it follows the limits it has accepted
  station-maximum=on|off                        whether it knows ChargePointMaxProfile (ChargingStationMaxProfile)
  normal                                        back to a station that does what it is told`;

const wordProblem = (word: string): Error => new Error(`No behaviour: ${word}\n${behaviourUsage}`);

const milliseconds = (text: string | undefined, word: string): number => {
  const value = Number(text);
  if (text === undefined || text === '' || !Number.isFinite(value) || value < 0) throw wordProblem(word);
  return value;
};

const reactionOf = (value: string, word: string): Reaction => {
  const [kind, argument] = value.split(':');
  switch (kind) {
    case 'normal':
    case 'reject':
    case 'ignore':
    case 'garbage':
      if (argument !== undefined) throw wordProblem(word);
      return { kind };
    case 'late':
      return { kind, delayMs: milliseconds(argument, word) };
    case 'error':
      if (!argument) throw wordProblem(word);
      return { kind, code: argument };
    default:
      throw wordProblem(word);
  }
};

const obedienceOf = (value: string, word: string): Obedience => {
  const [kind, delay, ramp, ...rest] = value.split(':');
  if (kind === 'slow' && rest.length === 0)
    return { kind, delayMs: milliseconds(delay, word), rampWPerSec: milliseconds(ramp, word) };
  if ((kind !== 'prompt' && kind !== 'none') || delay !== undefined) throw wordProblem(word);
  return { kind };
};

const withWord = (behaviour: Behaviour, word: string): Behaviour => {
  if (word === 'normal') return wellBehaved;
  const [name, value] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
  if (name === 'obedience') return { ...behaviour, obedience: obedienceOf(value, word) };
  if (name === 'station-maximum') {
    if (value !== 'on' && value !== 'off') throw wordProblem(word);
    return { ...behaviour, stationMaximum: value === 'on' };
  }
  if (!/^(\*|[A-Z][A-Za-z0-9]*)$/.test(name)) throw wordProblem(word);
  return { ...behaviour, reactions: { ...behaviour.reactions, [name]: reactionOf(value, word) } };
};

/** A behaviour that is changed by such words (`behaviourUsage`); throws an Error for the person who wrote them. */
export const behaviourWith = (behaviour: Behaviour, words: string): Behaviour =>
  words
    .split(',')
    .map((word) => word.trim())
    .reduce(withWord, behaviour);
