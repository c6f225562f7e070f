import { dirtyMarksContract, sweepProgressContract, timelineContract } from '../contracts/history-stores.ts';
import { dirtyMarksInMemory, sweepProgressInMemory } from '../fakes/dirty-marks.ts';
import { timelineInMemory } from '../fakes/timeline.ts';

timelineContract('memory', () => timelineInMemory().store);
dirtyMarksContract('memory', () => dirtyMarksInMemory().store);
sweepProgressContract('memory', sweepProgressInMemory);
