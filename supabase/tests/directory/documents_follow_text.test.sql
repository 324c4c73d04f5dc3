-- A search document is rewritten when a text in it changes, and only then.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(24);

insert into auth.users (id) values ('a7e57000-0000-4000-8000-000000000001');
insert into directory.categories (id, parent_id, slug, name) values
  ('c7e57000-0000-4000-8000-000000000001', null, 'zsd-top', 'Zsdtop'),
  ('c7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000001', 'zsd-leaf',
    'Zsdleaf'),
  ('c7e57000-0000-4000-8000-000000000003', null, 'zsd-other', 'Zsdother');
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, tags, short_description, description
) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zsdname''s Café', 'Zsdcity', 'Zsdst',
    'c7e57000-0000-4000-8000-000000000002', 'active', '{zsdtag}', 'Zsdshort', 'Zsdlong');

create function pg_temp.document()
returns tsvector
language sql
as $$
  select documents.document from directory_internal.documents
  where documents.business_id = 'b7e57000-0000-4000-8000-000000000001';
$$;
-- the row as it lies on disk: another value means that it was written again
create function pg_temp.place()
returns text
language sql
as $$
  select documents.ctid::text || ' ' || documents.xmin::text from directory_internal.documents
  where documents.business_id = 'b7e57000-0000-4000-8000-000000000001';
$$;
create temporary table before_each (document text, listing text) on commit drop;
create function pg_temp.remember()
returns void
language sql
as $$
  delete from before_each where true;
  insert into before_each
  select pg_temp.place(), listings.ctid::text from directory.listings
  where listings.business_id = 'b7e57000-0000-4000-8000-000000000001';
$$;

select is(
  (
    select name_key from directory_internal.documents
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  'zsdnames cafe',
  'the name is kept as search compares it'
);
select ok(pg_temp.document() @@ word::tsquery, rule)
from (
  values
    ('zsdname:A & cafe:A', 'the name has weight A, without accents'),
    ('zsdtag:B', 'tags have weight B'),
    ('zsdleaf:B & zsdtop:B', 'the names of the category and of all above it have weight B'),
    ('zsdciti:C & zsdst:C', 'city and state have weight C, as stems'),
    ('zsdshort:D & zsdlong:D', 'descriptions have weight D'),
    ('''k#c7e57000-0000-4000-8000-000000000002''', 'the category stands in the document by its id'),
    ('''k#c7e57000-0000-4000-8000-000000000001''', 'so does the category above it')
) as expected (word, rule);
select ok(
  not pg_temp.document() @@ '''k#c7e57000-0000-4000-8000-000000000003'''::tsquery,
  'no other category stands in it'
);

-- what changes no text
select pg_temp.remember() is null as remembered;
insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
values ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 5, 'Zsd',
  'published');
select is(pg_temp.place(), (select document from before_each),
  'a rating does not rewrite the document');
select isnt(
  (
    select ctid::text from directory.listings
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  (select listing from before_each),
  'the rating did rewrite the listing'
);
update directory.business_reviews set status = 'hidden'
where business_id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.place(), (select document from before_each),
  'a review that is hidden does not rewrite the document');
update directory.businesses
set phone = '512 555 0100', subscription_tier = 'elite', longitude = 1, latitude = 1
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.place(), (select document from before_each),
  'telephone, tier and place do not rewrite the document');
update directory.categories set sort_order = 7, color = '#000000' where slug = 'zsd-leaf';
select is(pg_temp.place(), (select document from before_each),
  'the colour of a category does not rewrite the document');
update directory.categories set name = 'Zsdother Anew' where slug = 'zsd-other';
select is(pg_temp.place(), (select document from before_each),
  'a category of other businesses does not rewrite the document');

-- what does
update directory.businesses set description = 'Zsdfresh'
where id = 'b7e57000-0000-4000-8000-000000000001';
select ok(
  pg_temp.document() @@ 'zsdfresh:D'::tsquery and not pg_temp.document() @@ 'zsdlong'::tsquery,
  'a new text rewrites the document'
);
update directory.categories set name = 'Zsdrenamed' where slug = 'zsd-top';
select ok(
  pg_temp.document() @@ 'zsdrenam:B'::tsquery and not pg_temp.document() @@ 'zsdtop'::tsquery,
  'a new name of a category far above rewrites the document'
);
select isnt_empty(
  $$ select 1 from directory_internal.vocabulary where word = 'zsdrenamed' and frequency > 0 $$,
  'the words of the new name enter the vocabulary'
);
update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000003'
where slug = 'zsd-leaf';
select ok(
  pg_temp.document() @@ '''k#c7e57000-0000-4000-8000-000000000003'' & zsdother:B'::tsquery
    and not pg_temp.document()
      @@ '''k#c7e57000-0000-4000-8000-000000000001'' | zsdrenam'::tsquery,
  'a category that moves carries the document to its new ancestors'
);
insert into directory.business_categories (business_id, category_id)
values ('b7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000001');
select ok(
  pg_temp.document()
    @@ '''k#c7e57000-0000-4000-8000-000000000001'' & zsdrenam:B & zsdleaf:B'::tsquery,
  'a further category enters the document beside the primary one'
);
update directory.categories set name = 'Zsdfurther' where slug = 'zsd-top';
select ok(pg_temp.document() @@ 'zsdfurther:B'::tsquery,
  'a new name of a further category rewrites the document');
select lives_ok(
  $$ delete from directory.categories where slug = 'zsd-top' $$,
  'a further category can be deleted'
);
select ok(
  not pg_temp.document()
    @@ '''k#c7e57000-0000-4000-8000-000000000001'' | zsdfurther'::tsquery,
  'a further category that is deleted leaves the document'
);
update directory.businesses set primary_category_id = 'c7e57000-0000-4000-8000-000000000003'
where id = 'b7e57000-0000-4000-8000-000000000001';
select ok(
  pg_temp.document() @@ 'zsdother:B'::tsquery and not pg_temp.document() @@ 'zsdleaf'::tsquery,
  'another primary category rewrites the document'
);

select * from finish();
rollback;
