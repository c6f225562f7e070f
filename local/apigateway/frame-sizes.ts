/**
 * Watches the bytes of a WebSocket connection and reports each frame's payload length as soon as its header is complete
 * (RFC 6455 section 5.2). API Gateway limits single frames, which `ws` reassembles before anyone sees them.
 */
export const frameSizes = (onFrame: (bytes: number) => void): ((chunk: Buffer) => void) => {
  let header = Buffer.alloc(0);
  let payloadLeft = 0;
  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (payloadLeft > 0) {
        const skipped = Math.min(payloadLeft, rest.length);
        payloadLeft -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const missing = headerLength(header) - header.length;
      header = Buffer.concat([header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (header.length < headerLength(header)) continue;
      payloadLeft = payloadLength(header);
      header = Buffer.alloc(0);
      onFrame(payloadLeft);
    }
  };
};

const shortLength = (header: Buffer): number => (header[1] ?? 0) & 0x7f;

/** Grows as the first bytes tell more; 2 until they are there. */
const headerLength = (header: Buffer): number => {
  if (header.length < 2) return 2;
  const short = shortLength(header);
  const masked = ((header[1] ?? 0) & 0x80) !== 0;
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (masked ? 4 : 0);
};

const payloadLength = (header: Buffer): number => {
  const short = shortLength(header);
  if (short === 126) return header.readUInt16BE(2);
  return short === 127 ? Number(header.readBigUInt64BE(2)) : short;
};
