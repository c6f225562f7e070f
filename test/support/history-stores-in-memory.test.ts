import {
  dirtyMarksContract,
  sessionStoreContract,
  sweepLeaseContract,
  sweepProgressContract,
  timelineContract,
} from '../contracts/history-stores.ts';
import { dirtyMarksInMemory, sweepProgressInMemory } from '../fakes/dirty-marks.ts';
import { sessionsInMemory } from '../fakes/session-store.ts';
import { sweepLeaseInMemory } from '../fakes/sweep-lease.ts';
import { timelineInMemory } from '../fakes/timeline.ts';

timelineContract('memory', () => timelineInMemory().store);
dirtyMarksContract('memory', () => dirtyMarksInMemory().store);
sweepProgressContract('memory', sweepProgressInMemory);
sweepLeaseContract('memory', sweepLeaseInMemory);
sessionStoreContract('memory', () => sessionsInMemory().store);
