/** Names AWS takes: up to 80 characters without whitespace, brackets, wildcards, control and special characters. */
const validName = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
const LARGEST_INPUT_BYTES = 262_144;

/** Whether an execution may have this name. */
export const isExecutionName = (name: string): boolean => validName.test(name);

/** What is wrong with the input of an execution; undefined if it is JSON and not too long. */
export const inputProblem = (input: string): string | undefined => {
  if (Buffer.byteLength(input) > LARGEST_INPUT_BYTES) return `The input has more than ${LARGEST_INPUT_BYTES} bytes`;
  try {
    JSON.parse(input);
    return undefined;
  } catch (error) {
    return `The input is no JSON: ${String(error)}`;
  }
};
