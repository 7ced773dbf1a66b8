import * as v from 'valibot';
import { MAX_PAGE_SIZE } from '../limits.ts';

/** Chosen by the client, unique within a connection; the answer carries it back. */
export const requestIdSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const pageSizeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_PAGE_SIZE));

/** Where the page before ended, as its answer said; opaque. */
export const cursorSchema = v.pipe(v.string(), v.nonEmpty(), v.maxLength(512));

export const durationSchema = v.number();

/** For the next page; null after the last one. */
export const nextCursorSchema = v.nullable(v.string());
