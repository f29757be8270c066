import { Module, type DynamicModule } from '@nestjs/common';
import type { Projection } from '#read-models';
import { DossierController } from './dossier/dossier.http.js';
import { ReportController } from './report.http.js';
import { ReportSources } from './report-sources.js';

@Module({})
export class ReportModule {
  /** @param projections of the contexts that reports and dossiers are made from */
  static from(projections: readonly Projection[]): DynamicModule {
    return {
      module: ReportModule,
      controllers: [ReportController, DossierController],
      providers: [{ provide: ReportSources, useValue: new ReportSources(projections) }],
    };
  }
}
