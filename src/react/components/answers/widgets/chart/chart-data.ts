import { isRecord, textOf, type WidgetNode } from '../widget-node.ts';

type SeriesKind = 'bar' | 'line' | 'area';

export interface ChartSeries {
  kind: SeriesKind;
  label: string;
  /** Series of one stack stand on each other. */
  stack: string | null;
  curve: string;
  /** One of the kit’s colours. */
  hue: string;
  /** By category; null where the data has no number. */
  values: readonly (number | null)[];
}

export interface ChartData {
  categories: readonly string[];
  series: readonly ChartSeries[];
  showsX: boolean;
  showsY: boolean;
  showsLegend: boolean;
}

/** More than a page can show as figures. */
const MAX_CATEGORIES = 400;
const MAX_SERIES = 12;

/** In the order in which they are given to series that name none. */
const HUES = ['accent', 'blue', 'orange', 'purple', 'red', 'gray'];
/** What a server may call them, shades aside. */
const NAMED: Record<string, string> = {
  ...{ green: 'accent', teal: 'accent', blue: 'blue', orange: 'orange', yellow: 'orange' },
  ...{ purple: 'purple', pink: 'purple', red: 'red', gray: 'gray', black: 'gray' },
};

/** What a chart shows; null for what is none. */
export function chartDataOf(node: WidgetNode): ChartData | null {
  const { data, series, xAxis, showYAxis, showLegend } = node;
  const axis = isRecord(xAxis) ? xAxis : { dataKey: xAxis };
  const key = textOf(axis.dataKey);
  if (!Array.isArray(data) || !Array.isArray(series) || key === '') return null;
  const rows = data.filter(isRecord).slice(0, MAX_CATEGORIES);
  const labels = isRecord(axis.labels) ? axis.labels : {};
  const named = rows.map((row) => textOf(row[key]));
  const shown = series.filter(isRecord).slice(0, MAX_SERIES);
  if (rows.length === 0 || shown.length === 0) return null;
  return {
    categories: named.map((name) => (Object.hasOwn(labels, name) && textOf(labels[name])) || name),
    series: shown.map((each, index) => seriesOf(each, index, rows)),
    showsX: axis.hide !== true,
    showsY: showYAxis === true,
    showsLegend: showLegend !== false,
  };
}

function seriesOf(
  { type, label, dataKey, stack, curveType, color }: Record<string, unknown>,
  index: number,
  rows: readonly Record<string, unknown>[],
): ChartSeries {
  const key = textOf(dataKey);
  return {
    kind: type === 'line' || type === 'area' ? type : 'bar',
    label: textOf(label) || key,
    stack: textOf(stack) || null,
    curve: textOf(curveType),
    hue: NAMED[textOf(color).split('-')[0] ?? ''] ?? HUES[index % HUES.length]!,
    values: rows.map((row) => numberOf(row[key])),
  };
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
