import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/** Of a stack, the frames that say where; the rest is the way of the framework. */
const FRAMES = 8;
const FRAME = /^ *at (?:(.+) \()?(?:file:\/\/)?(\/[^()]+):(\d+):(\d+)\)?$/;

const maps = new Map<string, SourceMap | undefined>();

/** Read when the first failure asks for it, and kept: nothing is paid for maps while nothing fails. */
const mapOf = (file: string): SourceMap | undefined => {
  if (!maps.has(file)) {
    const path = `${file}.map`;
    maps.set(file, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined);
  }
  return maps.get(file);
};

const readable = (frame: string): string => {
  const [, called, file = '', line = '', column = ''] = FRAME.exec(frame) ?? [];
  const origin = mapOf(file)?.findOrigin(Number(line), Number(column));
  if (origin === undefined || !('fileName' in origin)) return frame.trim();
  const source = origin.fileName.replace(/^(\.\.\/)+/, '');
  return `at ${origin.name ?? called ?? ''} (${source}:${origin.lineNumber}:${origin.columnNumber})`.replace(
    'at  (',
    'at (',
  );
};

/**
 * The frames of an error's stack in terms of the sources, where a source map lies beside the file they name (as in a deployed
 * bundle); otherwise as they are. Without the message, which is told elsewhere. Undefined for an error without a stack.
 */
export const readableStack = ({ stack }: Error): readonly string[] | undefined => {
  const frames = stack?.split('\n').filter((line) => /^ *at /.test(line));
  return frames?.slice(0, FRAMES).map(readable);
};
