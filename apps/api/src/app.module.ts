// Composes the contexts over one node.
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessLog, AuditModule, Records, RegisterSchema, RemovalExecutor, Replay } from '#audit';
import { BodiesModule } from '#bodies';
import { DecisionsModule } from '#decisions';
import { DocumentsModule } from '#documents';
import { InstallationKeys, Runner } from '#event-store';
import { FollowUpsModule } from '#follow-ups';
import { DetailQueryHandler, ListQueryHandler, ProjectionGate, RecordCommandHandler, Recorder, Register, StreamVisibility } from '#http';
import { IdentityModule } from '#identity';
import { MeetingsModule } from '#meetings';
import { ReadModels } from '#read-models';
import { ReportModule } from '#report';
import { SeatsModule } from '#seats';
import { HealthController, PublicKeyController } from './health.http.js';
import { entityPlaces, projections, schema } from './composition.js';
import type { Configuration } from './configuration.js';
import { BundleSources } from './ledger/bundles.js';
import { KeyRotation } from './ledger/key-rotation.js';
import { ExportController } from './ledger/export.http.js';
import { LedgerController } from './ledger/ledger.http.js';
import { Ledger } from './ledger/ledger.js';
import { Metrics } from './observation/metrics.js';
import { MetricsController } from './observation/metrics.http.js';
import { OperationsController } from './operations.http.js';
import { RegisterTiles } from './ledger/signed-tiles.js';
import { PlenaryNode } from './plenary-node.js';
import { SearchController } from './search.http.js';

/** What every context's controllers are given. */
@Module({})
class RecordModule {
  static over(node: PlenaryNode, signerDirectory: string, keysDirectory: string): DynamicModule {
    const { store, readModels, installation } = node;
    const ledger = new Ledger({
      bookkeeping: store.bookkeeping,
      signerDirectory,
      otherTiles: [new RegisterTiles(readModels, store)],
      compared: () => node.checkpoints.newest(),
    });
    const records = new Records(node.store, node.readModels, installation.keys.writer);
    const provided = [
      { provide: PlenaryNode, useValue: node },
      { provide: Runner, useValue: node.runner },
      { provide: ReadModels, useValue: node.readModels },
      { provide: InstallationKeys, useValue: node.installation.keys },
      {
        provide: ProjectionGate,
        useValue: new ProjectionGate(
          node.progress,
          (token) => node.gave(token),
          async ({ role, organisation }) =>
            role === 'delegate' && organisation ? node.members.refresh(node.readModels, organisation) : undefined,
        ),
      },
      { provide: StreamVisibility, useValue: new StreamVisibility(node.readModels, entityPlaces) },
      { provide: RegisterSchema, useValue: new RegisterSchema(schema) },
      { provide: Records, useValue: records },
      { provide: RemovalExecutor, useValue: node.removals },
      { provide: AccessLog, useValue: node.accessLog },
      { provide: Replay, useValue: new Replay(node.readModels, records, schema) },
      { provide: Ledger, useValue: ledger },
      {
        provide: KeyRotation,
        useValue: new KeyRotation({ installation, keysDirectory, signer: node.signer, keyInForce: () => node.keyInForce() }),
      },
      { provide: BundleSources, useValue: new BundleSources(store, ledger, readModels, schema, installation.origin) },
      Recorder,
      Register,
    ];
    return {
      module: RecordModule,
      global: true,
      imports: [CqrsModule.forRoot()],
      providers: [...provided, RecordCommandHandler, ListQueryHandler, DetailQueryHandler],
      exports: provided,
    };
  }
}

@Module({})
export class AppModule {
  static over(
    node: PlenaryNode,
    { signer, keys }: Pick<Configuration, 'signer' | 'keys'>,
    metrics: Metrics,
    besides: readonly Type[] = [],
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        RecordModule.over(node, signer, keys),
        IdentityModule,
        BodiesModule,
        MeetingsModule,
        DocumentsModule,
        DecisionsModule,
        SeatsModule,
        FollowUpsModule,
        AuditModule,
        ReportModule.from(projections),
        ...besides,
      ],
      controllers: [
        HealthController,
        PublicKeyController,
        OperationsController,
        MetricsController,
        SearchController,
        LedgerController,
        ExportController,
      ],
      providers: [{ provide: Metrics, useValue: metrics }],
    };
  }
}
