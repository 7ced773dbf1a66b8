import { useMemo, type ReactNode } from 'react';
import { useChatContext } from '../../../../ChatContext.ts';
import type { WidgetNode } from '../widget-node.ts';
import { chartDataOf, type ChartData } from './chart-data.ts';
import { chartShapes, round, type ChartShapes, type Shape } from './chart-shapes.ts';

/** Names below a chart that can stand beside each other. */
const MAX_NAMES = 7;

/** Bars, lines and areas, and the same as a table: for who does not see the drawing, and for who wants the figures. */
export function WidgetChart({ node }: { node: WidgetNode }): ReactNode {
  const { strings, locale } = useChatContext('<MessageItem>');
  const data = useMemo(() => chartDataOf(node), [node]);
  const shapes = useMemo(() => data && chartShapes(data), [data]);
  if (!data || !shapes) return <span className="lk-widget-note">{strings.widgetUnknown}</span>;
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  return (
    <figure className="lk-chart" aria-label={data.series.map(({ label }) => label).join(', ')}>
      <ChartPlot data={data} shapes={shapes} format={(value) => format.format(value)} />
      {data.showsLegend && (
        <figcaption className="lk-chart-legend">
          {data.series.map(({ label, hue }, index) => (
            <span key={index} className="lk-chart-name" data-hue={hue}>
              <bdi>{label}</bdi>
            </span>
          ))}
        </figcaption>
      )}
      <details className="lk-chart-figures">
        <summary>{strings.chartTable}</summary>
        <div className="lk-chart-table" role="region" aria-label={strings.chartTable} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <td />
                {data.series.map(({ label }, index) => (
                  <th key={index} scope="col" dir="auto">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.categories.map((category, at) => (
                <tr key={at}>
                  <th scope="row" dir="auto">
                    {category}
                  </th>
                  {data.series.map(({ values }, index) => (
                    <td key={index}>{valueAt(values, at, format)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

interface PlotProps {
  data: ChartData;
  shapes: ChartShapes;
  format: (value: number) => string;
}

/** From left to right in every language, as figures are read. */
function ChartPlot({ data, shapes: { shapes, ticks, y }, format }: PlotProps): ReactNode {
  const { categories, series, showsX, showsY } = data;
  const every = Math.ceil(categories.length / MAX_NAMES);
  const room = 100 / categories.length;
  return (
    <div className="lk-chart-plot" dir="ltr" aria-hidden="true">
      {showsY && (
        <div className="lk-chart-ticks">
          {ticks.map((tick) => (
            <span key={tick} style={{ top: `${y(tick)}%` }}>
              {format(tick)}
            </span>
          ))}
        </div>
      )}
      <svg className="lk-chart-field" viewBox="0 0 100 100" preserveAspectRatio="none">
        {ticks.map((tick) => (
          <line key={tick} className="lk-chart-line" data-zero={tick === 0} x1="0" x2="100" y1={y(tick)} y2={y(tick)} />
        ))}
        {shapes.map((shape, index) => (
          <ChartShape key={index} shape={shape} />
        ))}
        {categories.map((category, at) => (
          <rect key={at} className="lk-chart-hit" x={round(at * room)} y="0" width={round(room)} height="100">
            <title>{[category, ...series.map((each) => `${each.label}: ${each.values[at] ?? '–'}`)].join('\n')}</title>
          </rect>
        ))}
      </svg>
      {showsX && (
        <div className="lk-chart-names">
          {categories.map(
            (category, at) =>
              at % every === 0 && (
                <span
                  key={at}
                  dir="auto"
                  style={{ left: `${round((at + 0.5) * room)}%`, width: `${round(every * room)}%` }}
                >
                  {category}
                </span>
              ),
          )}
        </div>
      )}
    </div>
  );
}

function ChartShape({ shape }: { shape: Shape }): ReactNode {
  if (shape.kind === 'bar') {
    return (
      <g className="lk-chart-bars" data-hue={shape.hue}>
        {shape.bars.map(({ x, y, width, height }, index) => (
          <rect key={index} x={round(x)} y={round(y)} width={round(width)} height={round(height)} />
        ))}
      </g>
    );
  }
  return (
    <g className="lk-chart-curve" data-hue={shape.hue}>
      {shape.kind === 'area' && <path className="lk-chart-area" d={shape.path} />}
      {shape.kind === 'line' && <path className="lk-chart-halo" d={shape.path} />}
      <path d={shape.kind === 'area' ? shape.edge : shape.path} />
    </g>
  );
}

function valueAt(values: readonly (number | null)[], at: number, format: Intl.NumberFormat): string {
  const value = values[at] ?? null;
  return value === null ? '–' : format.format(value);
}
