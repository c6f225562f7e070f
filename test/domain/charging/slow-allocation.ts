import type { AllocationProblem } from '../../../domain/charging/allocation-problem.ts';
import type { ControlledSession } from '../../../domain/charging/controlled-session.ts';

/**
 * The rules of allocation once more, written to be read and not to be quick: exact fractions, every sum made again each time,
 * every candidate looked at. It shares no code with the allocator. Quanta of 10 W; strategies that only weigh.
 */
type Fraction = { readonly n: bigint; readonly d: bigint };

const fraction = (n: bigint, d = 1n): Fraction => ({ n, d });
/** A decimal as it is written, exactly. */
const exactly = (value: number): Fraction => {
  const [whole = '0', decimals = ''] = value.toFixed(6).split('.');
  return fraction(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
};
const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, fraction(-b.n, b.d));
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
const over = (a: Fraction, b: Fraction): Fraction =>
  b.n < 0n ? fraction(-a.n * b.d, a.d * -b.n) : fraction(a.n * b.d, a.d * b.n);
const below = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;
const least = (a: Fraction, b: Fraction): Fraction => (below(b, a) ? b : a);
const most = (a: Fraction, b: Fraction): Fraction => (below(a, b) ? b : a);
const floor = ({ n, d }: Fraction): bigint => (n >= 0n ? n / d : -((-n + d - 1n) / d));
const zero = fraction(0n);

const quanta = (powerW: number): Fraction => over(exactly(powerW), fraction(10n));

type Car = {
  readonly id: string;
  readonly session: ControlledSession;
  readonly min: bigint;
  readonly max: bigint;
  readonly weight: Fraction;
};
type Limit = { readonly capacity: Fraction; readonly factorOf: (id: string) => bigint };

const carOf = (session: ControlledSession, strategy: AllocationProblem['strategy']): Car => {
  const min = -floor(fraction(-quanta(session.minW).n, quanta(session.minW).d));
  const bounds = session.upperBounds.map(({ powerW }) => floor(quanta(powerW)));
  const lowest = bounds.reduce((a, b) => (b < a ? b : a));
  const weight = strategy === 'equal' ? fraction(1n) : exactly(session.bid ?? 1);
  return { id: session.id, session, min, max: lowest < min ? min : lowest, weight };
};

const sumOf = (cars: readonly Car[], of: (car: Car) => bigint): Fraction =>
  fraction(cars.reduce((sum, car) => sum + of(car), 0n));

export const slowBudget = (problem: AllocationProblem, cars: readonly Car[]) => {
  const { site, reserved = [], tier, curtailments = [] } = problem;
  if (site.load.kind !== 'measured') throw new Error('only measured sites');
  const reservedSum = reserved.reduce((sum, { reservedW }) => plus(sum, quanta(reservedW)), zero);
  const other = minus(quanta(site.load.siteW), quanta(site.load.chargingW));
  const limit = times(quanta(site.limitW), minus(fraction(1n), exactly(site.marginShare ?? 0)));
  const budget = most(zero, minus(minus(limit, other), reservedSum));
  const [minimums, maximums] = [sumOf(cars, ({ min }) => min), sumOf(cars, ({ max }) => max)];
  let hard = budget;
  for (const curtailment of curtailments) {
    if (curtailment.kind !== 'share') throw new Error('only percentages');
    const share = over(minus(fraction(100n), exactly(curtailment.percent)), fraction(100n));
    const cap = minus(minus(times(quanta(curtailment.baselineW), share), other), reservedSum);
    const capped = most(zero, least(budget, cap));
    hard = least(hard, curtailment.keepsMinimums ? most(capped, least(budget, minimums)) : capped);
  }
  const soft = most(times(exactly(tier?.factor ?? 1), least(budget, maximums)), minimums);
  return { budget: floor(budget), effective: floor(least(hard, soft)) };
};

const limitsOf = (problem: AllocationProblem, cars: readonly Car[], effective: bigint): readonly Limit[] => {
  const { circuits = [], phases, reserved = [] } = problem;
  const isCar = (id: string): boolean => cars.some((car) => car.id === id);
  const phaseLimits = (['L1', 'L2', 'L3'] as const).map((phase): Limit => {
    const factor = (used: readonly string[] = []): bigint => (used.includes(phase) ? 6n / BigInt(used.length) : 0n);
    const taken = reserved.reduce(
      (sum, load) => plus(sum, times(quanta(load.reservedW), fraction(factor(load.phases)))),
      zero,
    );
    const limit = quanta((phases?.limitA ?? 0) * (phases?.voltageV ?? 0) * 6);
    const phasesOf = (id: string) => cars.find((car) => car.id === id)?.session.phases;
    return { capacity: most(zero, minus(limit, taken)), factorOf: (id) => factor(phasesOf(id)) };
  });
  return [
    { capacity: fraction(effective), factorOf: () => 1n },
    ...circuits.map(({ limitW, members }): Limit => {
      const taken = reserved
        .filter(({ id }) => members.includes(id))
        .reduce((sum, { reservedW }) => plus(sum, quanta(reservedW)), zero);
      return {
        capacity: most(zero, minus(quanta(limitW), taken)),
        factorOf: (id) => (members.includes(id) && isCar(id) ? 1n : 0n),
      };
    }),
    ...(phases === undefined ? [] : phaseLimits),
  ];
};

type Amounts = ReadonlyMap<string, Fraction>;

const loadOf = (limit: Limit, amounts: Amounts): Fraction =>
  [...amounts].reduce((sum, [id, amount]) => plus(sum, times(amount, fraction(limit.factorOf(id)))), zero);

const holds = (limits: readonly Limit[], amounts: Amounts): boolean =>
  limits.every((limit) => !below(limit.capacity, loadOf(limit, amounts)));

const goesFirst = ({ session: a }: Car, { session: b }: Car): number =>
  (a.priority ?? 2) - (b.priority ?? 2) ||
  (b.waitingSec ?? 0) - (a.waitingSec ?? 0) ||
  (a.arrival ?? 0) - (b.arrival ?? 0) ||
  (a.id < b.id ? -1 : 1);

const shareAt = ({ weight, min, max }: Car, level: Fraction): Fraction =>
  least(most(times(weight, level), fraction(min)), fraction(max));

/** The level at which a limit is met: between two neighbouring levels at which somebody leaves a bound, loads are straight. */
const levelAt = (limit: Limit, cars: readonly Car[], frozen: Amounts): Fraction | undefined => {
  const loadAt = (level: Fraction): Fraction =>
    loadOf(limit, new Map(cars.map((car) => [car.id, frozen.get(car.id) ?? shareAt(car, level)])));
  const breaks = cars
    .flatMap((car) => [over(fraction(car.min), car.weight), over(fraction(car.max), car.weight)])
    .sort((a, b) => (below(a, b) ? -1 : below(b, a) ? 1 : 0));
  const next = breaks.findIndex((level) => below(limit.capacity, loadAt(level)));
  if (next < 0) return undefined;
  const [from, to] = [next === 0 ? zero : (breaks[next - 1] ?? zero), breaks[next] ?? zero];
  const [low, high] = [loadAt(from), loadAt(to)];
  return plus(from, over(times(minus(limit.capacity, low), minus(to, from)), minus(high, low)));
};

const filled = (cars: readonly Car[], limits: readonly Limit[]): Amounts => {
  const frozen = new Map<string, Fraction>();
  const open = new Set(limits);
  for (;;) {
    let [first, lowest]: [Limit | undefined, Fraction | undefined] = [undefined, undefined];
    for (const limit of open) {
      const level = levelAt(limit, cars, frozen);
      if (level !== undefined && (lowest === undefined || below(level, lowest))) [first, lowest] = [limit, level];
    }
    if (first === undefined || lowest === undefined) break;
    for (const car of cars)
      if (first.factorOf(car.id) > 0n && !frozen.has(car.id)) frozen.set(car.id, shareAt(car, lowest));
    open.delete(first);
  }
  return new Map(cars.map((car) => [car.id, frozen.get(car.id) ?? fraction(car.max)]));
};

const withMore = (amounts: Amounts, id: string): Amounts =>
  new Map([...amounts].map(([key, amount]) => [key, key === id ? plus(amount, fraction(1n)) : amount]));

/** What each car gets, W, with the budgets, W. */
export const slowAllocation = (problem: AllocationProblem) => {
  const cars = problem.sessions.map((session) => carOf(session, problem.strategy));
  const { budget, effective } = slowBudget(problem, cars);
  const limits = limitsOf(problem, cars, effective);
  let minimums: Amounts = new Map();
  for (const car of cars.toSorted(goesFirst)) {
    const more: Amounts = new Map([...minimums, [car.id, fraction(car.min)]]);
    if (holds(limits, more)) minimums = more;
  }
  const admitted = cars.filter(({ id }) => minimums.has(id));
  let amounts: Amounts = new Map([...filled(admitted, limits)].map(([id, amount]) => [id, fraction(floor(amount))]));
  for (;;) {
    const claims = admitted
      .filter(({ id, max }) => below(amounts.get(id) ?? zero, fraction(max)) && holds(limits, withMore(amounts, id)))
      .map(({ id, weight }) => ({ id, claim: over(plus(amounts.get(id) ?? zero, fraction(1n)), weight) }))
      .sort((a, b) => (below(a.claim, b.claim) ? -1 : below(b.claim, a.claim) ? 1 : a.id < b.id ? -1 : 1));
    const [next] = claims;
    if (next === undefined) break;
    amounts = withMore(amounts, next.id);
  }
  return {
    budgetW: Number(budget) * 10,
    effectiveBudgetW: Number(effective) * 10,
    limitW: Object.fromEntries(cars.map(({ id }) => [id, Number(floor(amounts.get(id) ?? zero)) * 10])),
  };
};

/**
 * With stations that can switch: who is paused on three phases goes on with one, each on the phase it may choose that carries
 * least unevenly so far, one after another by id; then everybody is given power once more, and who is paused now goes on likewise.
 */
export const slowSwitchedAllocation = (problem: AllocationProblem): ReturnType<typeof slowAllocation> => {
  const first = slowAllocation(problem);
  const { voltageV = 230 } = problem.phases ?? {};
  const uneven = [
    ...problem.sessions.map(({ id, phases = [] }) => ({ phases, powerW: first.limitW[id] ?? 0 })),
    ...(problem.reserved ?? []).map(({ phases = [], reservedW }) => ({ phases, powerW: reservedW })),
  ].filter(({ phases }) => phases.length < 3);
  const carriedW = (phase: 'L1' | 'L2' | 'L3'): number =>
    problem.phases === undefined
      ? 0
      : uneven.reduce(
          (sum, { phases, powerW }) => sum + (phases.includes(phase) ? (6 * powerW) / phases.length : 0),
          6 * voltageV * (problem.phases.otherA?.[phase] ?? 0),
        );
  const carried = { L1: carriedW('L1'), L2: carriedW('L2'), L3: carriedW('L3') };
  const moved = new Map<string, ControlledSession>();
  for (const session of [...problem.sessions].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { singlePhase, phases = [], upperBounds } = session;
    if (first.limitW[session.id] !== 0 || singlePhase === undefined || phases.length < 2) continue;
    const [phase = 'L1'] = [...singlePhase.choices].sort((a, b) => carried[a] - carried[b]);
    carried[phase] += 6 * singlePhase.minW;
    const lowestW = Math.min(singlePhase.maxW, ...upperBounds.map(({ powerW }) => powerW));
    moved.set(session.id, {
      ...session,
      phases: [phase],
      minW: singlePhase.minW,
      upperBounds: [{ by: 'rating', powerW: lowestW }],
    });
  }
  return moved.size === 0
    ? first
    : slowSwitchedAllocation({
        ...problem,
        sessions: problem.sessions.map((session) => moved.get(session.id) ?? session),
      });
};
