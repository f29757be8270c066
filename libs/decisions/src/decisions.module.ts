import { Module } from '@nestjs/common';
import { DecisionsController } from './decisions.http.js';
import { ProposalsController } from './proposals.http.js';

@Module({ controllers: [ProposalsController, DecisionsController] })
export class DecisionsModule {}
