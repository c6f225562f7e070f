import { unreachable } from '../../domain/kernel/unreachable.ts';
import { type BeginPorts, beginEvent } from './begin-event.ts';
import { dispatchChunk } from './dispatch-chunk.ts';
import { type EndPorts, endEvent } from './end-event.ts';
import { eventZones } from './event-zones.ts';
import { type StepRequest, type StepResult, stepResult } from './step.ts';
import { type VerifyPorts, verifyEvent } from './verify-event.ts';

export type StepPorts = BeginPorts & VerifyPorts & EndPorts;

/**
 * The steps of a demand-response execution. Each reads what is stored and writes under a guard, so that a step that runs
 * twice, late or beside another execution of the same signal changes nothing.
 */
export const runStep = (ports: StepPorts) => {
  const begin = beginEvent(ports);
  const dispatch = dispatchChunk(ports);
  const verify = verifyEvent(ports);
  const { restore, seeReturns, finish } = endEvent(ports);
  const { tellSent } = eventZones(ports);

  const send = async (input: StepRequest): Promise<StepResult> => {
    if (input.chunk === undefined) throw new Error('A dispatch names its chunk');
    await tellSent(input, [await dispatch(input.chunk)]);
    return stepResult(input, 'dispatch');
  };

  return (request: StepRequest): Promise<StepResult> => {
    const { step } = request;
    switch (step) {
      case 'begin':
        return begin(request);
      case 'dispatch':
        return send(request);
      case 'verify':
        return verify(request);
      case 'restore':
        return restore(request);
      case 'see-returns':
        return seeReturns(request);
      case 'finish':
        return finish(request);
      case 'fail':
        return finish(request, 'failed');
      default:
        return unreachable(step);
    }
  };
};
