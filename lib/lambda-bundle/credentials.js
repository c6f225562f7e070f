// Takes the place of @aws-sdk/credential-provider-node in the bundles: Lambda puts a role's credentials into the environment,
// and the SDK's search through profiles, single sign-on, containers and instances is a quarter of a small bundle.

export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined)
    throw new Error('There are no credentials in the environment: Lambda puts those of the role there');
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
  };
};
