/** How busy chargers are at each hour of the local day, against their average: workday commuters, errands and through traffic. */
const hourly = [
  0.15, 0.1, 0.1, 0.1, 0.2, 0.5, 0.9, 1.3, 1.5, 1.4, 1.4, 1.5, 1.6, 1.6, 1.6, 1.7, 1.8, 1.7, 1.4, 1.1, 0.9, 0.7, 0.4,
  0.25,
];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Hour of the day, 0 to 23, at this instant in an IANA time zone. */
const localHour = (at: number, timeZone: string): number => {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, format);
  return Number(format.format(at));
};

/** Factor on the average arrival rate at this instant. */
export const bustle = (at: number, timeZone: string): number => hourly[localHour(at, timeZone)] ?? 1;
