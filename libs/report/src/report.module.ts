import { Module, type DynamicModule } from '@nestjs/common';
import type { Projection } from '#read-models';
import { ReportController, ReportSources } from './report.http.js';

@Module({})
export class ReportModule {
  /** @param projections of the contexts that a report is made from */
  static from(projections: readonly Projection[]): DynamicModule {
    return { module: ReportModule, controllers: [ReportController], providers: [{ provide: ReportSources, useValue: new ReportSources(projections) }] };
  }
}
