-- Search as anon reads documents through their GIN index, and a word through the index of the
-- vocabulary. A policy that looks at the row would end that: planted below, it does.
-- Alters a policy in its transaction, so it must not run beside other files on one database.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
set local enable_seqscan = off;
select plan(20);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgu-one', 'Zgucategory');
insert into directory.businesses (slug, name, city, state, primary_category_id, status, description)
select
  'zgu-' || n, 'Zgu Number ' || n, 'Zgucity', 'TX', 'c7e57000-0000-4000-8000-000000000001',
    'active',
  case when n % 100 = 0 then 'Flumbrixat' else 'Nothing of note' end
from generate_series(1, 400) as n;

-- the names of the indexes and of the tables that are read whole, as the planner decides for the
-- role of the moment
create function pg_temp.plan_of(query text)
returns table (indexes text[], scanned text[])
language plpgsql
as $$
declare
  plan jsonb;
begin
  execute 'explain (format json) ' || query into plan;
  return query
  select
    array(
      select distinct node #>> '{}' from jsonb_path_query(plan, 'strict $.**."Index Name"') as node
    ),
    array(
      select distinct node ->> 'Relation Name'
      from jsonb_path_query(plan, 'strict $.** ? (@."Node Type" == "Seq Scan")') as node
    );
end;
$$;
-- scans of an index, and sequential scans of a table, in this transaction
create temporary table counted (name text primary key, before bigint) on commit drop;
create function pg_temp.remember()
returns void
language sql
as $$
  delete from counted where true;
  insert into counted
  select name, pg_stat_get_xact_numscans(name::regclass)
  from unnest(
    array[
      'directory_internal.documents_document_idx', 'directory_internal.documents',
      'directory.listings', 'directory.businesses', 'directory_internal.vocabulary',
      'directory_internal.vocabulary_deletes', 'directory_internal.vocabulary_deletes_pkey',
      'directory_internal.vocabulary_lexeme_idx', 'directory_internal.vocabulary_prefix_idx'
    ]
  ) as name;
$$;
create function pg_temp.since(counted_name text)
returns bigint
language sql
as $$
  select pg_stat_get_xact_numscans(counted.name::regclass) - counted.before
  from counted where counted.name = counted_name;
$$;
grant execute on function pg_temp.plan_of(text) to anon;

-- the guard: the condition and the join of search_businesses
create temporary table guard (query text) on commit drop;
insert into guard values (
  $$
    select listings.business_id, ts_rank(documents.document, 'flumbrixat'::tsquery)
    from directory_internal.documents
    join directory.listings on listings.business_id = documents.business_id
    where documents.document @@ 'flumbrixat'::tsquery
      and (listings.visible_until is null or listings.visible_until > now())
  $$
);
grant select on guard to anon;

set local request.jwt.claims = '{}';
set local role anon;
select ok(
  'documents_document_idx' = any ((select indexes from guard, pg_temp.plan_of(query))::text[]),
  'a search as anon reads documents through their GIN index'
);
select is(
  (select scanned from guard, pg_temp.plan_of(query)), '{}',
  'a search as anon reads no table whole'
);
select ok(
  'vocabulary_prefix_idx' = any ((
    select indexes from pg_temp.plan_of(
      $$ select lexeme from directory_internal.vocabulary where word like 'flumb%' $$
    )
  )::text[]),
  'an unfinished word is completed through the index of the vocabulary'
);
reset role;

-- the RPC itself, by the counters of this transaction
select pg_temp.remember() is null as remembered;
set local role anon;
select is(
  (select count(*) from directory.search_businesses(search_query => 'flumbrixat')), 4::bigint,
  'the search finds what the guard is about'
);
reset role;
select cmp_ok(pg_temp.since('directory_internal.documents_document_idx'), '>=', 1::bigint,
  'search_businesses used the GIN index');
select is(pg_temp.since(name), 0::bigint, format('search_businesses read %s by no sequential scan',
  name))
from unnest(
  array['directory_internal.documents', 'directory.listings', 'directory_internal.vocabulary']
) as name;
select cmp_ok(
  pg_temp.since('directory_internal.vocabulary_lexeme_idx')
    + pg_temp.since('directory_internal.vocabulary_prefix_idx'),
  '>=', 1::bigint,
  'search_businesses looked the word up through an index'
);

select pg_temp.remember() is null as remembered;
set local role anon;
select is(
  (select count(*) from directory.search_businesses(search_query => 'flumbrixta')), 4::bigint,
  'the search finds what was misspelt'
);
reset role;
select cmp_ok(pg_temp.since('directory_internal.vocabulary_deletes_pkey'), '>=', 1::bigint,
  'a misspelt word is looked up by its pieces through their index');
select is(pg_temp.since(name), 0::bigint, format('a correction reads %s by no sequential scan',
  name))
from unnest(
  array['directory_internal.vocabulary', 'directory_internal.vocabulary_deletes']
) as name;

-- in a category as well; no filter that leaves nothing, or a join may never ask for the words
select pg_temp.remember() is null as remembered;
set local role anon;
select lives_ok(
  $$
    select * from directory.search_businesses(
      search_query => 'flumbrixat', category_filter => 'c7e57000-0000-4000-8000-000000000001'
    )
  $$,
  'a search in a category is answered'
);
reset role;
select cmp_ok(pg_temp.since('directory_internal.documents_document_idx'), '>=', 1::bigint,
  'a search in a category uses the GIN index');

-- the planted defect: a policy that looks at the row
alter policy documents_select_all on directory_internal.documents
  using (business_id <> '00000000-0000-0000-0000-000000000000');
set local role anon;
select ok(
  not 'documents_document_idx' = any ((select indexes from guard, pg_temp.plan_of(query))::text[]),
  'planted: under a policy that looks at the row the guard fails'
);
reset role;
select pg_temp.remember() is null as remembered;
set local role anon;
select is(
  (select count(*) from directory.search_businesses(search_query => 'flumbrixat')), 4::bigint,
  'planted: the answer is the same'
);
reset role;
select is(pg_temp.since('directory_internal.documents_document_idx'), 0::bigint,
  'planted: but search_businesses can not use the GIN index');

alter policy documents_select_all on directory_internal.documents using (true);
set local role anon;
select ok(
  'documents_document_idx' = any ((select indexes from guard, pg_temp.plan_of(query))::text[]),
  'with the policy of the migration the guard holds again'
);
select is(
  (select scanned from guard, pg_temp.plan_of(query)), '{}', 'and no table is read whole again'
);
reset role;

select * from finish();
rollback;
