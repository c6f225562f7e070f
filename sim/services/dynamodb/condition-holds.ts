import { unreachable } from '../../../domain/kernel/unreachable.ts';
import { bytesText, compareValues, type Item, sameValue, typeOf, type Value, valueTypes } from './attribute-value.ts';
import type { Bindings } from './bindings.ts';
import { valueAt } from './document-path.ts';
import { invalid } from './errors.ts';
import type { Comparator, Condition, Operand, Parsed } from './expression.ts';

const sizeOf = (value: Value | undefined): Value | undefined => {
  if (value === undefined) return undefined;
  if ('S' in value) return { N: String(Buffer.byteLength(value.S)) };
  if ('B' in value) return { N: String(value.B.length) };
  if ('L' in value) return { N: String(value.L.length) };
  if ('M' in value) return { N: String(Object.keys(value.M).length) };
  if ('SS' in value) return { N: String(value.SS.length) };
  if ('NS' in value) return { N: String(value.NS.length) };
  if ('BS' in value) return { N: String(value.BS.length) };
  return undefined;
};

const resolved = (operand: Operand, item: Item, bindings: Bindings): Value | undefined => {
  switch (operand.kind) {
    case 'path':
      return valueAt(item, bindings.pathOf(operand.path));
    case 'value':
      return bindings.value(operand.name);
    case 'size':
      return sizeOf(resolved(operand.of, item, bindings));
  }
};

const compares = (by: Comparator, a: Value | undefined, b: Value | undefined): boolean => {
  if (by === '=') return a !== undefined && b !== undefined && sameValue(a, b);
  // What is not there is unlike anything.
  if (by === '<>') return a === undefined || b === undefined || !sameValue(a, b);
  const order = a && b && compareValues(a, b);
  if (order === undefined) return false;
  switch (by) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return unreachable(by);
  }
};

const beginsWith = (value: Value | undefined, start: Value | undefined): boolean => {
  if (value === undefined || start === undefined) return false;
  if ('S' in value) return 'S' in start && value.S.startsWith(start.S);
  return 'B' in value && 'B' in start && bytesText(value.B).startsWith(bytesText(start.B));
};

const contains = (value: Value | undefined, part: Value | undefined): boolean => {
  if (value === undefined || part === undefined) return false;
  if ('S' in value) return 'S' in part && value.S.includes(part.S);
  if ('B' in value) return 'B' in part && bytesText(value.B).includes(bytesText(part.B));
  if ('SS' in value) return 'S' in part && value.SS.includes(part.S);
  if ('NS' in value) return 'N' in part && value.NS.includes(part.N);
  if ('BS' in value) return 'B' in part && value.BS.some((bytes) => Buffer.compare(bytes, part.B) === 0);
  return 'L' in value && value.L.some((member) => sameValue(member, part));
};

/** Whether a condition holds for an item; for none there is an item without attributes. */
export const conditionHolds = (condition: Condition, item: Item, bindings: Bindings): boolean => {
  const at = (operand: Operand | undefined) => operand && resolved(operand, item, bindings);
  switch (condition.kind) {
    case 'and':
      return conditionHolds(condition.left, item, bindings) && conditionHolds(condition.right, item, bindings);
    case 'or':
      return conditionHolds(condition.left, item, bindings) || conditionHolds(condition.right, item, bindings);
    case 'not':
      return !conditionHolds(condition.condition, item, bindings);
    case 'compare':
      return compares(condition.by, at(condition.left), at(condition.right));
    case 'between': {
      const value = at(condition.operand);
      return compares('>=', value, at(condition.low)) && compares('<=', value, at(condition.high));
    }
    case 'in': {
      const value = at(condition.operand);
      return condition.among.some((other) => compares('=', value, at(other)));
    }
    case 'function': {
      const [first, second] = condition.operands;
      switch (condition.name) {
        case 'attribute_exists':
          return at(first) !== undefined;
        case 'attribute_not_exists':
          return at(first) === undefined;
        case 'attribute_type': {
          const [value, type] = [at(first), at(second)];
          return value !== undefined && type !== undefined && 'S' in type && typeOf(value) === type.S;
        }
        case 'begins_with':
          return beginsWith(at(first), at(second));
        case 'contains':
          return contains(at(first), at(second));
        default:
          return unreachable(condition.name);
      }
    }
    default:
      return unreachable(condition);
  }
};

const wrongOperand = (parameter: string, operator: string, value: Value) =>
  invalid(
    `Invalid ${parameter}: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(value)}`,
  );

/**
 * Refuses a condition that can never be judged as it says: an order of maps, bounds the wrong way round, a path and itself.
 * Throws ValidationException.
 */
export const checkOperands = (parameter: string, parsed: Parsed<Condition> | undefined, bindings: Bindings): void => {
  if (parsed === undefined) return;
  for (const { operator, first, other } of parsed.compared) {
    const path = bindings.pathOf(first).join(', ');
    if (path === bindings.pathOf(other).join(', '))
      throw invalid(
        `Invalid ${parameter}: The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: [${path}]`,
      );
  }
  // Without values there is nothing more to check, which spares many requests the walk.
  if (parsed.values.size === 0) return;
  const given = (operand: Operand | undefined): Value | undefined =>
    operand?.kind === 'value' ? bindings.value(operand.name) : undefined;
  const mustBe = (operator: string, types: readonly string[], operand: Operand | undefined): void => {
    const value = given(operand);
    if (value !== undefined && !types.includes(typeOf(value))) throw wrongOperand(parameter, operator, value);
  };
  const ordered = ['S', 'N', 'B'];
  const check = (condition: Condition): void => {
    switch (condition.kind) {
      case 'and':
      case 'or':
        check(condition.left);
        check(condition.right);
        return;
      case 'not':
        check(condition.condition);
        return;
      case 'in':
        return;
      case 'compare':
        if (condition.by === '=' || condition.by === '<>') return;
        mustBe(condition.by, ordered, condition.left);
        mustBe(condition.by, ordered, condition.right);
        return;
      case 'between': {
        for (const operand of [condition.operand, condition.low, condition.high]) mustBe('BETWEEN', ordered, operand);
        const [low, high] = [given(condition.low), given(condition.high)];
        if (low === undefined || high === undefined) return;
        const order = compareValues(low, high);
        if (order === undefined)
          throw invalid(
            `Invalid ${parameter}: The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: ${JSON.stringify(low)}, upper bound operand: AttributeValue: ${JSON.stringify(high)}`,
          );
        if (order > 0)
          throw invalid(
            `Invalid ${parameter}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: ${JSON.stringify(low)}, upper bound operand: AttributeValue: ${JSON.stringify(high)}`,
          );
        return;
      }
      case 'function': {
        const [, second] = condition.operands;
        if (condition.name === 'begins_with') {
          mustBe('begins_with', ['S', 'B'], condition.operands[0]);
          mustBe('begins_with', ['S', 'B'], second);
        }
        if (condition.name === 'attribute_type') {
          const type = given(second);
          if (type === undefined || !('S' in type)) {
            if (type !== undefined) throw wrongOperand(parameter, 'attribute_type', type);
            return;
          }
          if (!valueTypes.some((known) => known === type.S))
            throw invalid(
              `Invalid ${parameter}: Invalid attribute type name found; type: ${type.S}, valid types: {${valueTypes.join(',')}}`,
            );
        }
        return;
      }
      default:
        unreachable(condition);
    }
  };
  check(parsed.tree);
};

/** The top-level attributes a condition is about. */
export const namesIn = (condition: Condition, { pathOf }: Bindings): readonly string[] => {
  const ofOperand = (operand: Operand): readonly string[] => {
    if (operand.kind === 'size') return ofOperand(operand.of);
    return operand.kind === 'path' ? [String(pathOf(operand.path)[0])] : [];
  };
  const of = (one: Condition): readonly string[] => {
    switch (one.kind) {
      case 'and':
      case 'or':
        return [...of(one.left), ...of(one.right)];
      case 'not':
        return of(one.condition);
      case 'compare':
        return [...ofOperand(one.left), ...ofOperand(one.right)];
      case 'between':
        return [one.operand, one.low, one.high].flatMap(ofOperand);
      case 'in':
        return [one.operand, ...one.among].flatMap(ofOperand);
      case 'function':
        return one.operands.flatMap(ofOperand);
    }
  };
  return of(condition);
};
