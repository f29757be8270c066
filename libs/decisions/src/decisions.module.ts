import { Module } from '@nestjs/common';
import { DecisionsController, ProposalsController } from './decisions.http.js';

@Module({ controllers: [ProposalsController, DecisionsController] })
export class DecisionsModule {}
