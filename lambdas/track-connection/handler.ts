import { platform } from '../../runtime/platform.ts';
import { wire } from './wire.ts';

export const { connect, disconnect, presence } = wire(process.env, platform);
