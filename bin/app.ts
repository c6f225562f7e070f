import { wattstreamApp } from '../lib/wattstream-app.ts';

wattstreamApp({ now: Date.now() }).app.synth();
