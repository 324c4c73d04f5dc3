-- A boost features a public business for a while, and is spent once.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(24);

select pg_temp.enter(1, 'member'), pg_temp.enter(2, 'other', 'draft'), pg_temp.enter(3, 'other')
\g /dev/null
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  (pg_temp.b(1), pg_temp.person('user'), 'manager', now()),
  (pg_temp.b(1), pg_temp.person('analyst'), 'editor', now());
insert into directory_internal.business_private (business_id, boost_credits)
values (pg_temp.b(1), 2), (pg_temp.b(2), 1);
create function pg_temp.boost(name text, number int default 1)
returns text
language sql
as $$
  select pg_temp.try(
    boost.name, format(
      $q$select directory.boost_business(%L) - now() = make_interval(hours => 24)$q$,
      pg_temp.b(number)
    )
  );
$$;
create function pg_temp.credits()
returns int
language sql
as $$
  select boost_credits from directory_internal.business_private where business_id = pg_temp.b(1);
$$;
create function pg_temp.featured()
returns uuid[]
language sql
as $$
  select array(
    select business_id
    from directory.featured_businesses('c7b00000-0000-4000-8000-000000000001')
  );
$$;

select is(pg_temp.boost(person), '42501', rule)
from (
  values
    ('anon', 'a visitor boosts nothing'), ('other', 'nor a stranger'),
    ('analyst', 'nor an editor'), ('moderator', 'nor a moderator'),
    ('expired_admin', 'nor an administrator of yesterday')
) as tried (person, rule);
select is(pg_temp.credits(), 2, 'what is refused costs nothing');
select is(pg_temp.featured(), '{}', 'nobody is featured');
select is(pg_temp.boost('member'), 'true', 'an owner boosts for a day');
select is(pg_temp.credits(), 1, 'and spends one');
select is(pg_temp.featured(), array[pg_temp.b(1)], 'the business is featured');
select is(pg_temp.boost('user'), 'false', 'a manager boosts as well');
select is((pg_temp.the(1)).featured_until, now() + interval '48 hours',
  'a second boost goes on where the first ends');
select is(pg_temp.boost('member'), 'PL152', 'without a boost left there is none');
select is(pg_temp.boost('other', 3), 'PL152', 'nor where there never was one');
select is(pg_temp.boost('other', 2), 'PL153', 'a draft is not featured');
select is(
  pg_temp.try('member', format(
    $$update directory.businesses set featured_until = '2100-01-01' where id = %L$$, pg_temp.b(1)
  )),
  '42501', 'and nobody features their own without one'
);

update directory.businesses set featured_until = now() + interval '50 hours'
where id = pg_temp.b(3);
select is(pg_temp.featured(), array[pg_temp.b(3), pg_temp.b(1)],
  'those whose time ends last come first');
select is(
  pg_temp.try('anon', $$select count(*) from directory.featured_businesses(
    'c7b00000-0000-4000-8000-000000000001', 1)$$),
  '1', 'a visitor asks for as many as wanted'
);
select is(pg_temp.try('anon', format('select count(*) from directory.featured_businesses(null, %s)',
  wanted)), 'PL104', rule)
from (values ('0', 'but not for none'), ('101', 'nor for too many'), ('null', 'nor for null'))
  as tried (wanted, rule);
update directory.businesses set featured_until = now() where id = pg_temp.b(3);
select is(pg_temp.featured(), array[pg_temp.b(1)],
  'who is no longer featured is gone by the clock');
update directory.businesses set suspended_at = now() + interval '1 hour' where id = pg_temp.b(1);
select is(pg_temp.featured(), array[pg_temp.b(1)], 'a suspension that lies ahead changes nothing');
update directory.businesses set suspended_at = now() where id = pg_temp.b(1);
select is(pg_temp.featured(), '{}', 'one that has begun does');

select * from finish();
rollback;
