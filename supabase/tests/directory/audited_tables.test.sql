-- Every table of the directory that people write is audited, and what is derived from them is not.
-- A new table must be put into one of the two lists.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(5);

select bag_eq(
  $$
    select targets.relation::text
    from audit.targets
    join pg_catalog.pg_class on pg_class.oid = targets.relation
    where targets.is_enabled
      and pg_class.relnamespace in ('directory'::regnamespace, 'directory_internal'::regnamespace)
  $$,
  $$
    values
      ('directory.business_categories'), ('directory.business_duplicates'),
      ('directory.business_managers'), ('directory.business_review_responses'),
      ('directory.business_reviews'), ('directory.business_saves'),
      ('directory.business_slug_history'),
      ('directory.businesses'), ('directory.categories'), ('directory.review_flags'),
      ('directory.review_votes'), ('directory.service_areas'),
      ('directory.subscription_plans'), ('directory_internal.business_claims'),
      ('directory_internal.business_invitations'), ('directory_internal.business_private'),
      ('directory_internal.business_review_moderation'),
      ('directory_internal.business_transitions'), ('directory_internal.business_verifications')
  $$,
  'what people write is audited'
);
select bag_eq(
  $$
    select pg_class.oid::regclass::text
    from pg_catalog.pg_class
    where pg_class.relnamespace in ('directory'::regnamespace, 'directory_internal'::regnamespace)
      and pg_class.relkind in ('r', 'p')
      and not exists (
        select from audit.targets where targets.relation = pg_class.oid and targets.is_enabled
      )
  $$,
  $$
    values
      ('directory.business_stats'), ('directory.business_view_daily'),
      ('directory.business_views'), ('directory.listings'), ('directory.review_vote_counts'),
      ('directory_internal.business_events'), ('directory_internal.business_visitors'),
      ('directory_internal.category_count_deltas'), ('directory_internal.documents'),
      ('directory_internal.map_cell_deltas'), ('directory_internal.map_cells'),
      ('directory_internal.review_queue'), ('directory_internal.save_count_deltas'),
      ('directory_internal.vocabulary'), ('directory_internal.vocabulary_deletes')
  $$,
  'only what is computed from it is not'
);
select is_empty('select * from ops.audit_gaps', 'nothing escapes the audit');

insert into auth.users (id, email)
values ('00000000-0000-4000-8000-00000000a0d1', 'owner@audited.test');
insert into directory.categories (id, slug, name)
values ('00000000-0000-4000-8000-00000000a0d2', 'audited', 'Audited');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id)
values (
  '00000000-0000-4000-8000-00000000a0d3', 'Audited House', 'Austin', 'TX',
  '00000000-0000-4000-8000-00000000a0d2', '00000000-0000-4000-8000-00000000a0d1'
);
insert into directory_internal.business_claims
  (business_id, kind, token_hash, requested_by, expires_at)
values (
  '00000000-0000-4000-8000-00000000a0d3', 'claim', sha256('a token'),
  '00000000-0000-4000-8000-00000000a0d1', now() + interval '1 day'
);
update directory.businesses set website = 'https://audited.test'
where id = '00000000-0000-4000-8000-00000000a0d3';

select results_eq(
  $$
    select operation, changed_fields @> '{website}', new_values ->> 'website'
    from audit.history('directory.businesses', '{"id": "00000000-0000-4000-8000-00000000a0d3"}')
  $$,
  $$
    values ('INSERT', null, null), ('UPDATE', true, 'https://audited.test')
  $$,
  'the history of a business tells how it came and what changed'
);
select is(
  (
    select new_values ->> 'token_hash'
    from audit.audit_logs
    join audit.targets on targets.id = audit_logs.target_id
    where targets.relation = 'directory_internal.business_claims'::regclass
      and new_values ->> 'business_id' = '00000000-0000-4000-8000-00000000a0d3'
  ),
  '[redacted]',
  'the hash of a token that is still good does not enter the trail'
);

select * from finish();
rollback;
