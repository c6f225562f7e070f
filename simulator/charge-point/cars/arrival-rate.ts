import { localTime } from '../../../domain/calendar/local-time.ts';

/** How busy chargers are at each hour of the local day, against their average: workday commuters, errands and through traffic. */
const hourly = [
  0.15, 0.1, 0.1, 0.1, 0.2, 0.5, 0.9, 1.3, 1.5, 1.4, 1.4, 1.5, 1.6, 1.6, 1.6, 1.7, 1.8, 1.7, 1.4, 1.1, 0.9, 0.7, 0.4,
  0.25,
];

/** Factor on the average arrival rate of cars at this instant, by the clocks of the station. */
export const arrivalRate = (at: number, timeZone: string): number =>
  hourly[Math.floor(localTime(timeZone, at).minuteOfDay / 60)] ?? 1;
