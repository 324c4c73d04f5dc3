-- Whether a review helped: one vote a user, which can be changed and taken back, and counts that
-- follow it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(23);

select pg_temp.act_as('anon');
select throws_ok(
  $$select directory.vote_on_review(pg_temp.review(1), true)$$, '42501', null,
  'a visitor can not vote'
);
select is_empty(
  $$select from directory.review_vote_counts where review_id = pg_temp.review(1)$$,
  'a review without votes has no counts'
);

select pg_temp.act_as('reader1');
select results_eq(
  $$select * from directory.vote_on_review(pg_temp.review(1), true)$$, $$values (1, 0)$$,
  'a vote counts, and its answer says so'
);
select results_eq(
  $$select * from directory.vote_on_review(pg_temp.review(1), true)$$, $$values (1, 0)$$,
  'the same vote again counts once'
);
select pg_temp.act_as('reader2');
select results_eq(
  $$select * from directory.vote_on_review(pg_temp.review(1), true)$$, $$values (2, 0)$$,
  'the vote of another counts besides'
);
select results_eq(
  $$select * from directory.vote_on_review(pg_temp.review(1), false)$$, $$values (1, 1)$$,
  'a vote that is changed moves from one count to the other'
);
select results_eq(
  $$select user_id, helpful from directory.review_votes$$,
  $$values (pg_temp.person('reader2'), false)$$,
  'a voter reads the own vote and no other'
);
select results_eq(
  $$select * from directory.vote_on_review(pg_temp.review(1), null)$$, $$values (1, 0)$$,
  'a vote can be taken back'
);
select results_eq(
  $$select * from directory.vote_on_review(pg_temp.review(1), null)$$, $$values (1, 0)$$,
  'and taken back again without harm'
);
select throws_ok(
  $$
    insert into directory.review_votes (review_id, user_id, helpful)
    values (pg_temp.review(1), pg_temp.person('reader3'), true)
  $$,
  '42501', null, 'nobody votes in the name of someone else'
);
select throws_ok(
  $$select directory.vote_on_review(pg_temp.review(2), true)$$, 'PT404', null,
  'a review that waits can not be voted on'
);
select throws_ok(
  $$insert into directory.review_votes (review_id, helpful) values (pg_temp.review(2), true)$$,
  '42501', null, 'not even by writing the table'
);
select throws_ok(
  $$select directory.vote_on_review(pg_temp.review(9), true)$$, 'PT404', null,
  'nor one that does not exist'
);
select pg_temp.act_as('moderator');
select isnt_empty('select from directory.review_votes', 'a moderator reads the votes of all');

-- one's own
select pg_temp.act_as('author');
select throws_ok(
  $$select directory.vote_on_review(pg_temp.review(1), true)$$, 'PL170', null,
  'an author does not vote on the own review'
);
select throws_ok(
  $$insert into directory.review_votes (review_id, helpful) values (pg_temp.review(1), true)$$,
  '42501', null, 'not even by writing the table'
);
select pg_temp.act_as('owner');
select throws_ok(
  $$select directory.vote_on_review(pg_temp.review(1), false)$$, 'PL170', null,
  'an owner does not vote down what is said of the business'
);
select pg_temp.act_as('editor');
select throws_ok(
  $$insert into directory.review_votes (review_id, helpful) values (pg_temp.review(1), false)$$,
  '42501', null, 'nor does who looks after it'
);
select pg_temp.act_as('rival');
select lives_ok(
  $$select directory.vote_on_review(pg_temp.review(1), false)$$,
  'the owner of another business may'
);
select pg_temp.act_as('operator');

-- several rows in a statement, and votes that go with an account
insert into directory.review_votes (review_id, user_id, helpful)
select pg_temp.review(n), pg_temp.person('reader' || reader), n = 1
from generate_series(3, 5) as reader
cross join unnest(array[1, 3]) as n;
create temporary view counts as
select review_id, helpful_count, not_helpful_count
from directory.review_vote_counts
where review_id in (pg_temp.review(1), pg_temp.review(3))
order by review_id offset 0;
select results_eq(
  'select * from counts',
  $$values (pg_temp.review(1), 4, 1), (pg_temp.review(3), 0, 3)$$,
  'one statement settles every review it touched'
);
select is(
  (select count(*) from audit.history('directory.business_reviews',
    jsonb_build_object('id', pg_temp.review(1)))),
  1::bigint,
  'no vote is an edit of the review'
);
delete from auth.users where id = pg_temp.person('reader4');
select results_eq(
  'select * from counts',
  $$values (pg_temp.review(1), 3, 1), (pg_temp.review(3), 0, 2)$$,
  'votes go with the account of the voter'
);
delete from directory.business_reviews where id = pg_temp.review(1);
select is_empty(
  $$select from counts where review_id = pg_temp.review(1)$$, 'counts go with the review'
);

select * from finish();
rollback;
