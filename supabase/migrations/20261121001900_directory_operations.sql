-- The directory registers with the operations core: its jobs as topics of the executor, its tables
-- with the audit, and the rules that its derived rows must keep with the nightly checks.

select ops.define_topic(
  name => 'directory-tidy-listings',
  handler => 'directory_internal.tidy_listings',
  every => '1 minute',
  budget => '10 seconds',
  description => 'Ends suspensions whose time is over and begins those whose time has come.'
);
select ops.define_topic(
  name => 'directory-fold-category-counts',
  handler => 'directory_internal.fold_category_counts',
  every => '1 minute',
  budget => '10 seconds',
  description => 'Adds what changed to the counts of businesses by category.'
);
select ops.define_topic(
  name => 'directory-recount-vocabulary',
  handler => 'directory_internal.recount_vocabulary',
  every => '1 day',
  anchor => '2000-01-01 03:20+00',
  budget => '30 seconds',
  description => 'Counts in how many documents each word stands.'
);

-- Everything that a person or an operator writes. What is derived from it (statistics, listings,
-- documents, vocabulary, count deltas) is computed again and not audited.
select audit.enable('directory.categories');
select audit.enable('directory.businesses');
select audit.enable('directory.business_categories');
select audit.enable('directory.business_managers');
select audit.enable('directory.business_reviews');
select audit.enable('directory.business_review_responses');
select audit.enable('directory.service_areas');
-- a trail that many may read is no place for revenue, papers and tokens that are still good
select audit.enable('directory_internal.business_private',
  redact => '{annual_revenue, verification_documents}');
select audit.enable('directory_internal.business_claims', redact => '{token_hash}');
select audit.enable('directory_internal.business_review_moderation');

select ops.define_invariant('directory.review_figures',
  $$
    -- count and sum follow from the counts by a constraint
    select stats.business_id, stats.rating_counts, facts.rating_counts as correct
    from directory.business_stats as stats
    left join directory_internal.counted_reviews as facts
      on facts.business_id = stats.business_id
    where stats.rating_counts is distinct from coalesce(facts.rating_counts, '{0,0,0,0,0}')
  $$,
  'The stars of each business are those of its published reviews.');
select ops.define_invariant('directory.figures_of_every_business',
  $$
    select businesses.id
    from directory.businesses
    left join directory.business_stats on business_stats.business_id = businesses.id
    where business_stats.business_id is null
  $$,
  'Each business has its row of figures.');
select ops.define_invariant('directory.category_tree',
  $$
    with recursive tree as (
      select categories.id, array[categories.id] as path
      from directory.categories
      where categories.parent_id is null
      union all
      select categories.id, tree.path || categories.id
      from tree
      join directory.categories on categories.parent_id = tree.id
    ),
    children as (
      select categories.parent_id as id, count(*)::int as count
      from directory.categories
      group by categories.parent_id
    )
    select categories.id, categories.slug, categories.path, tree.path as true_path
    from directory.categories
    left join tree on tree.id = categories.id
    left join children on children.id = categories.id
    where (categories.path, categories.level, categories.children_count)
      is distinct from (tree.path, cardinality(tree.path) - 1, coalesce(children.count, 0))
  $$,
  'Path, level and number of children of each category are those of the tree.');
select ops.define_invariant('directory.category_counts',
  $$
    with places as (
      select businesses.id as business_id, businesses.primary_category_id as category_id
      from directory.businesses
      union
      select business_categories.business_id, business_categories.category_id
      from directory.business_categories
    ),
    counted as (
      select above.id, count(distinct listings.business_id)::int as businesses
      from directory.listings
      join places on places.business_id = listings.business_id
      join directory.categories on categories.id = places.category_id
      cross join lateral unnest(categories.path) as above (id)
      group by above.id
    ),
    pending as (
      select category_count_deltas.category_id as id, sum(category_count_deltas.delta)::int as delta
      from directory_internal.category_count_deltas
      group by category_count_deltas.category_id
    )
    select
      categories.id, categories.slug, categories.business_count, pending.delta,
      counted.businesses
    from directory.categories
    left join counted on counted.id = categories.id
    left join pending on pending.id = categories.id
    where categories.business_count + coalesce(pending.delta, 0) <> coalesce(counted.businesses, 0)
  $$,
  'Businesses of each category and all below it, with what is not folded yet, are those listed.');
select ops.define_invariant('directory.listings_are_visible',
  $$
    select coalesce(businesses.id, listings.business_id) as business_id, businesses.status
    from directory.businesses
    full join directory.listings on listings.business_id = businesses.id
    where (businesses.status is not distinct from 'active') <> (listings.business_id is not null)
      -- what the clock has changed is decided when read, until the job writes it down
      and not (
        coalesce(businesses.suspended_at <= now(), false)
        and (
          businesses.status = 'active' or coalesce(businesses.suspended_until <= now(), false)
        )
      )
  $$,
  'Each active business has its listing, and nothing else has one.');
select ops.define_invariant('directory.documents_of_every_listing',
  $$
    select coalesce(listings.business_id, documents.business_id) as business_id
    from directory.listings
    full join directory_internal.documents on documents.business_id = listings.business_id
    where listings.business_id is null or documents.business_id is null
  $$,
  'Each listing has its search document, and no other document stands.');

-- for the function search; far above what a person types
select ops.define_setting('directory.search_burst', '600',
  'Requests to the function search that one address may send at once.', 1, 1000000);
select ops.define_setting('directory.search_per_minute', '600',
  'Requests to the function search that one address may send a minute, in the long run.',
  1, 1000000);

-- views and analytics: computed from what is reported, so nothing of it is audited
select ops.define_topic(
  name => 'directory-fold-views',
  handler => 'directory_internal.fold_business_events',
  every => '1 minute',
  budget => '30 seconds',
  description => 'Counts the views, clicks and shares that were reported.'
);
select ops.define_invariant('directory.view_counts',
  $$
    select stats.business_id, stats.view_count, days.views
    from directory.business_stats as stats
    left join (
      select business_view_daily.business_id, sum(business_view_daily.views) as views
      from directory.business_view_daily
      group by business_view_daily.business_id
    ) as days on days.business_id = stats.business_id
    where stats.view_count <> coalesce(days.views, 0)
  $$,
  'The views of each business are those of its days.');
-- for the function track; a page that is left sends one request
select ops.define_setting('directory.track_burst', '300',
  'Requests to the function track that one address may send at once.', 1, 1000000);
select ops.define_setting('directory.track_per_minute', '120',
  'Requests to the function track that one address may send a minute, in the long run.',
  1, 1000000);

-- businesses: slugs, plans, claims, managers, verification, duplicates
select ops.define_topic(
  name => 'directory-end-plans',
  handler => 'directory_internal.end_plans',
  every => '1 minute',
  budget => '10 seconds',
  description => 'Takes the tier from businesses whose paid period is over.'
);
select audit.enable('directory.business_slug_history');
select audit.enable('directory.subscription_plans');
select audit.enable('directory.business_duplicates');
select audit.enable('directory_internal.business_transitions');
select audit.enable('directory_internal.business_invitations', redact => '{token_hash, email}');
select audit.enable('directory_internal.business_verifications');
select ops.define_invariant('directory.former_slugs_are_free',
  $$
    select business_slug_history.slug, business_slug_history.business_id, businesses.id as taken_by
    from directory.business_slug_history
    join directory.businesses on businesses.slug = business_slug_history.slug
  $$,
  'A former address of a business is the present one of none.');
select ops.define_invariant('directory.owners_are_no_managers',
  $$
    select business_managers.business_id, business_managers.user_id
    from directory.business_managers
    join directory.businesses
      on businesses.id = business_managers.business_id
      and businesses.owner_id = business_managers.user_id
  $$,
  'Nobody looks after a business that they own.');
select ops.define_invariant('directory.waiting_verifications_are_pending',
  $$
    select verifications.id, verifications.business_id, businesses.verification_status
    from directory_internal.business_verifications as verifications
    join directory.businesses on businesses.id = verifications.business_id
    where verifications.status = 'waiting' and businesses.verification_status <> 'pending'
  $$,
  'A business whose verification waits is pending.');

-- places and saves: who saved what is audited, as everything that people write; counts follow
select audit.enable('directory.business_saves');
select ops.define_topic(
  name => 'directory-fold-map',
  handler => 'directory_internal.fold_map_counts',
  every => '1 minute',
  budget => '10 seconds',
  description => 'Adds what changed to the counts of businesses on the map.'
);
select ops.define_topic(
  name => 'directory-fold-saves',
  handler => 'directory_internal.fold_save_counts',
  every => '1 minute',
  budget => '10 seconds',
  description => 'Adds what changed to how many users have saved each business.'
);
select ops.define_invariant('directory.map_counts',
  'select * from directory_internal.map_drift()',
  'The cells of the map, with what is not folded yet, count the listings.');
select ops.define_invariant('directory.save_counts',
  $$
    select stats.business_id, stats.save_count, pending.delta, saves.count
    from directory.business_stats as stats
    left join (
      select save_count_deltas.business_id, sum(save_count_deltas.delta) as delta
      from directory_internal.save_count_deltas
      group by save_count_deltas.business_id
    ) as pending on pending.business_id = stats.business_id
    left join (
      select business_saves.business_id, count(*) as count
      from directory.business_saves
      group by business_saves.business_id
    ) as saves on saves.business_id = stats.business_id
    where stats.save_count + coalesce(pending.delta, 0) <> coalesce(saves.count, 0)
  $$,
  'The saves of each business, with what is not folded yet, are those of its users.');

-- reviews: what readers and moderators write is audited; counts and the queue follow from it
select audit.enable('directory.review_votes');
select audit.enable('directory.review_flags');
select ops.define_invariant('directory.review_vote_counts',
  $$
    select
      coalesce(counts.review_id, votes.review_id) as review_id,
      counts.helpful_count, counts.not_helpful_count, votes.helpful, votes.not_helpful
    from directory.review_vote_counts as counts
    full join (
      select
        review_votes.review_id,
        count(*) filter (where review_votes.helpful) as helpful,
        count(*) filter (where not review_votes.helpful) as not_helpful
      from directory.review_votes
      group by review_votes.review_id
    ) as votes on votes.review_id = counts.review_id
    where (counts.helpful_count, counts.not_helpful_count)
      is distinct from (coalesce(votes.helpful, 0), coalesce(votes.not_helpful, 0))
  $$,
  'The votes that are counted for each review are those that were given.');
select ops.define_invariant('directory.review_flag_counts',
  $$
    select
      coalesce(moderation.review_id, flags.review_id) as review_id, moderation.flagged_count,
      flags.flags
    from directory_internal.business_review_moderation as moderation
    full join (
      select review_flags.review_id, count(*) as flags
      from directory.review_flags
      where review_flags.status <> 'dismissed'
      group by review_flags.review_id
    ) as flags on flags.review_id = moderation.review_id
    where moderation.flagged_count is distinct from coalesce(flags.flags, 0)
  $$,
  'The flags that moderators see of each review are those that stand.');
select ops.define_invariant('directory.reviews_are_queued',
  $$
    select
      coalesce(waiting.id, review_queue.review_id) as review_id, waiting.id is not null as waits
    from (
      select business_reviews.id
      from directory.business_reviews
      where business_reviews.status = 'pending' and business_reviews.deleted_at is null
      union
      select review_flags.review_id
      from directory.review_flags
      join directory.business_reviews on business_reviews.id = review_flags.review_id
      where review_flags.status = 'open' and business_reviews.deleted_at is null
    ) as waiting
    full join directory_internal.review_queue on review_queue.review_id = waiting.id
    where review_queue.review_id is null
      or exists (
        select 1
        from directory.business_reviews
        where business_reviews.id = review_queue.review_id
          and business_reviews.deleted_at is not null
      )
  $$,
  'Each review that waits for a moderator is in the queue, and no deleted one is.');
