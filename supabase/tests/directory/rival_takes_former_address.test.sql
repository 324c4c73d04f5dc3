-- Threat: a rival waits until a business takes a new address, enters a business of the old name,
-- and catches the visitors of every printed link.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(7);

select pg_temp.enter(1, 'member') \g /dev/null
update directory.businesses set name = 'Zqb Moved' where id = pg_temp.b(1);
select is(
  pg_temp.try('member', format('select directory.renew_business_slug(%L)', pg_temp.b(1))),
  'zqb-moved-zqbville', 'the business has moved on'
);

select matches(
  pg_temp.try('other', $$
    insert into directory.businesses (name, city, state, primary_category_id)
    values ('Zqb 1', 'Zqbville', 'TX', 'c7b00000-0000-4000-8000-000000000001')
    returning slug
  $$),
  '^zqb-1-zqbville-[0-9a-f-]{36}$',
  'a rival of the old name gets another address'
);
select is(
  (select current_slug from directory.resolve_business_slug('zqb-1-zqbville')),
  'zqb-moved-zqbville', 'the old one still leads to the business'
);
select is(
  pg_temp.try('service_role', $$
    insert into directory.businesses (slug, name, city, state, primary_category_id)
    values ('zqb-1-zqbville', 'Zqb Rival', 'Zqbville', 'TX', 'c7b00000-0000-4000-8000-000000000001')
  $$),
  'PL157', 'not even an import can take it'
);
select pg_temp.enter(2, 'other') \g /dev/null
select is(
  pg_temp.try('service_role', format(
    $$update directory.businesses set slug = 'zqb-1-zqbville' where id = %L$$, pg_temp.b(2)
  )),
  'PL157', 'nor a change by the service key'
);
select is(
  pg_temp.try('other', $$insert into directory.business_slug_history (slug, business_id)
    values ('zqb-x', 'b7b00000-0000-4000-8000-000000000002')$$),
  '42501', 'nobody writes the history'
);
select is(
  pg_temp.try('member', format(
    $$update directory.businesses set slug = 'zqb-free' where id = %L$$, pg_temp.b(1)
  )),
  '42501', 'nor their own address'
);

select * from finish();
rollback;
