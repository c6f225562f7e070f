import zlib from 'node:zlib';

/** Node's own, whoever takes their place later. */
const { deflateRawSync, inflateRawSync } = zlib;

/** Header of a stored block (RFC 1951, 3.2.4): last block, not compressed, then its length and the complement of it. */
const HEADER_BYTES = 5;
const MOST_BYTES = 0xffff;
const LAST_AND_STORED = 1;

/** Raw DEFLATE that does not compress: what it writes is of the format, and takes no time. */
export const storedDeflate: typeof deflateRawSync = (data, options) => {
  const content = typeof data === 'string' ? Buffer.from(data) : undefined;
  if (content === undefined || content.length > MOST_BYTES) return deflateRawSync(data, options);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + content.length);
  bytes[0] = LAST_AND_STORED;
  bytes.writeUInt16LE(content.length, 1);
  bytes.writeUInt16LE(content.length ^ MOST_BYTES, 3);
  bytes.set(content, HEADER_BYTES);
  return bytes;
};

/** Reads raw DEFLATE: one stored block at once, everything else as ever. */
export const storedInflate: typeof inflateRawSync = (data, options) => {
  if (!(data instanceof Uint8Array) || data[0] !== LAST_AND_STORED) return inflateRawSync(data, options);
  const bytes = Buffer.from(data);
  const length = bytes.length - HEADER_BYTES;
  const isOneBlock = length >= 0 && bytes.readUInt16LE(1) === length && bytes.readUInt16LE(3) === (length ^ MOST_BYTES);
  return isOneBlock ? bytes.subarray(HEADER_BYTES) : inflateRawSync(data, options);
};
