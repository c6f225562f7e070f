/** Prints names and values in two columns. */
export const printTable = (rows: readonly (readonly [name: string, value: string | number])[]): void => {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}${value}`);
};
