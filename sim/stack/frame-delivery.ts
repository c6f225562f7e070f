import type { LocalSystem } from '../../local/local-system.ts';
import type { Frame, Interferences } from '../faults/interference.ts';
import type { Trace } from '../trace.ts';

export type FrameDeliveryPorts = {
  readonly system: LocalSystem;
  readonly interferences: Interferences;
  readonly trace: Trace;
};

/** Runs something as often and as late as the line delivers a frame. */
export const frameDelivery =
  ({ system, interferences, trace }: FrameDeliveryPorts) =>
  (frame: Frame, run: () => void): void => {
    const fate = interferences.frame(frame);
    if (fate === 'arrives') run();
    else if (fate === 'arrives twice') {
      run();
      run();
    } else if (fate !== 'is lost') system.after(fate.delayedMs, run);
    if (fate !== 'arrives') trace.note(`line ${frame.stationId} ${frame.way} ${JSON.stringify(fate)}`);
  };
