import { answersLost } from './answers-lost.ts';
import { badLine } from './bad-line.ts';
import { chargerClock } from './charger-clock.ts';
import { crash } from './crash.ts';
import { deployment } from './deployment.ts';
import { fallingRegister } from './falling-register.ts';
import type { Fault } from './fault.ts';
import { halfOpen } from './half-open.ts';
import { handshakeRefused } from './handshake-refused.ts';
import { hostileStation } from './hostile-station.ts';
import { iotOut } from './iot-out.ts';
import { lostDisconnect } from './lost-disconnect.ts';
import { memoryKill } from './memory-kill.ts';
import { presenceDisorder } from './presence-disorder.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { reshard } from './reshard.ts';
import { ruleErrors } from './rule-errors.ts';
import { slowness } from './slowness.ts';
import { stingyServices } from './stingy-services.ts';
import { storeOut } from './store-out.ts';
import { throttling } from './throttling.ts';
import { twoWorkers } from './two-workers.ts';
import { wrongUnits } from './wrong-units.ts';

/** Every fault there is. A new one: a file beside this, a line here. */
export const faults: readonly Fault[] = [
  crash,
  memoryKill,
  deployment,
  storeOut,
  stingyServices,
  answersLost,
  throttling,
  slowness,
  badLine,
  halfOpen,
  lostDisconnect,
  reconnectStorm,
  handshakeRefused,
  reshard,
  twoWorkers,
  chargerClock,
  wrongUnits,
  fallingRegister,
  hostileStation,
  iotOut,
  presenceDisorder,
  ruleErrors,
];
