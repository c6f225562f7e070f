import { z } from 'zod';
import { type Commands, command } from '../commands/answer-command.ts';

const Sets = z.object({
  setMonitoringData: z.array(
    z.object({
      id: z.number().optional(),
      type: z.string(),
      severity: z.number(),
      component: z.looseObject({ name: z.string() }),
      variable: z.looseObject({ name: z.string() }),
    }),
  ),
});
const Clears = z.object({ id: z.array(z.number()) });

/** Each monitor that is asked for, with this status; one that is taken gets an id if it has none. */
const monitors = (payload: unknown, status: string) => ({
  setMonitoringResult: Sets.parse(payload).setMonitoringData.map(
    ({ id, type, severity, component, variable }, index) => ({
      ...(status === 'Accepted' ? { id: id ?? index + 1 } : id !== undefined && { id }),
      status,
      type,
      severity,
      component,
      variable,
    }),
  ),
});

const cleared = (payload: unknown, status: string) => ({
  clearMonitoringResult: Clears.parse(payload).id.map((id) => ({ id, status })),
});

/** Monitoring and displays: a simulated station takes what it is told, monitors nothing and shows nothing. */
export const monitoringV201: Commands = {
  ClearDisplayMessage: { answer: () => ({ status: 'Unknown' }) },
  ClearVariableMonitoring: {
    answer: (payload) => cleared(payload, 'NotFound'),
    refusal: (payload) => cleared(payload, 'Rejected'),
  },
  CostUpdated: { answer: () => ({}) },
  GetDisplayMessages: { answer: () => ({ status: 'Unknown' }) },
  GetMonitoringReport: command(() => ({ status: 'EmptyResultSet' })),
  SetDisplayMessage: command(() => ({ status: 'Accepted' })),
  SetMonitoringBase: command(() => ({ status: 'Accepted' })),
  SetMonitoringLevel: command(() => ({ status: 'Accepted' })),
  SetVariableMonitoring: {
    answer: (payload) => monitors(payload, 'Accepted'),
    refusal: (payload) => monitors(payload, 'Rejected'),
  },
};
