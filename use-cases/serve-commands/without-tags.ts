/** Members that hold the tag of a driver: in 1.6 idTag and parentIdTag, in 2.x the idToken of an IdTokenType. */
const tagMembers: readonly string[] = ['idTag', 'parentIdTag', 'idToken'];

/** JSON text with the tags of drivers left out; text that is no JSON is left out whole. */
export const withoutTags = (json: string): string => {
  const hide = (name: string, value: unknown): unknown =>
    tagMembers.includes(name) && typeof value === 'string' ? '(hidden)' : value;
  try {
    return JSON.stringify(JSON.parse(json), hide);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return '"(hidden)"';
  }
};
