import type { Ask, Each, Where } from './ask.js';
import { partsOf } from './condition.js';
import { sizeText } from './size.js';

/** Writes an ask as {@link parseAsk} reads it. */
export function askText({ operators, builders, each, atLeast = [], distinct = [] }: Ask): string {
  return [
    ...(operators === undefined ? [] : [`operators=${operators}`]),
    ...(builders === undefined ? [] : [`builders=${builders}`]),
    ...atLeast.map(({ where, count }) => `${whereText(where)}>=${count}`),
    ...distinct.map(({ fact, count }) => `distinct ${fact}>=${count}`),
    ...(each === undefined ? [] : eachTexts(each)),
  ].join(', ');
}

/** Writes a condition: its parts with a plus between them. */
export function whereText(where: Where): string {
  return partsOf(where)
    .map(({ key, value }) => `${key}:${value}`)
    .join('+');
}

/** Writes what is asked of everybody, a text for each part. */
function eachTexts({ ramBytes, diskBytes, ...where }: Each): readonly string[] {
  return [
    ...partsOf(where).map(({ key, value }) => `each ${key}:${value}`),
    ...(ramBytes === undefined ? [] : [`each ram>=${sizeText(ramBytes)}`]),
    ...(diskBytes === undefined ? [] : [`each disk>=${sizeText(diskBytes)}`]),
  ];
}
